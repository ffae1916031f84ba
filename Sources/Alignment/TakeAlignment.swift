package import MusicAnalysis
package import MusicCore

/// The note-by-note alignment of a take with its reference: a score, or another take of the piece.
///
/// First a path through the chords of the reference gives the player's position (`TakePath`), and with it the time at
/// which each chord is played. Then notes of the same pitch are paired by time, in two passes, the second with the
/// times of the first pairs; Nakamura, Yoshii & Katayose (ISMIR 2017) and Peter et al. (TISMIR 2023) proceed similarly.
/// Unpaired notes of both sides at about the same time form a wrong note; all others are missing or extra.
package struct TakeAlignment: Sendable {
  /// The two cannot be aligned.
  package enum Failure: Error {
    /// One of them has no notes other than drums.
    case noNotes
    /// They have more notes than can be compared in reasonable time.
    case tooLong
  }

  /// Parameters, in seconds and semitones, chosen by hand.
  private enum Limit {
    /// The largest distance of a note from its chord, which must cover arpeggiated chords and asynchronous hands.
    static let tolerance = 0.3
    /// The largest time difference of a wrong note from the note that it replaces.
    static let wrongSeconds = 0.2
    static let wrongSemitones = 12
  }

  /// The notes of the take, by rising onset and then pitch.
  package let take: [PlayedNote]
  package let reference: [PlayedNote]
  /// The passages in the order of the take; at least one.
  package private(set) var passages: [AlignedPassage] = []
  /// The aligned notes in order of time.
  package private(set) var notes: [AlignedNote] = []

  /// Aligns the notes of two scores, without drums.
  ///
  /// - Complexity: O(n · m) in notes of the take and chords of the reference: about a second for an hour of music.
  package init(_ take: Score, reference: Score) throws(Failure) {
    try self.init(take.playedNotes(), reference: reference.playedNotes())
  }

  /// Aligns notes by rising onset and then pitch.
  package init(_ take: [PlayedNote], reference: [PlayedNote]) throws(Failure) {
    guard !take.isEmpty, !reference.isEmpty else { throw .noNotes }
    self.take = take
    self.reference = reference
    let chords = OnsetGroup.groups(of: reference)
    guard chords.count <= TakePath.mostSteps / take.count else { throw .tooLong }
    let path = TakePath(
      take.map(\.pitch.rawValue), at: take.map(\.onset.rawValue),
      through: chords.map { $0.notes.map { reference[$0].pitch.rawValue } })
    let hands = reference.hands
    for (start, end) in zip([0] + path.leaps, path.leaps + [take.count]) {
      align(start..<end, path, chords, hands)
    }
    notes.sort { ($0.time, $0.played ?? -1, $0.reference ?? -1) < ($1.time, $1.played ?? -1, $1.reference ?? -1) }
  }

  /// Pairs the notes of a passage with those of the chords that it passes through.
  private mutating func align(_ played: Range<Int>, _ path: TakePath, _ chords: [OnsetGroup], _ hands: [Bool]) {
    var (first, last) = (path.chords[played.lowerBound], path.chords[played.upperBound - 1])
    // Notes omitted at the ends of the piece are missing, unless the omission is so long that it is not part of the
    // take.
    if played.lowerBound == 0, !path.entersByLeap { first = 0 }
    let rest = reference.count - chords[last].notes.upperBound
    if played.upperBound == take.count, rest <= TakePath.mostMissing { last = chords.count - 1 }
    let expected = chords[first].notes.lowerBound..<chords[last].notes.upperBound

    var onsets: [(reference: Seconds, played: Seconds)] = []
    for group in Self.runs(played, by: { path.chords[$0] }) {
      let chord = chords[path.chords[group.lowerBound]]
      let pitches = Set(chord.notes.map { reference[$0].pitch })
      var seen: Set<Pitch> = []
      // Of a repeated pitch, as in a trill, the first onset counts.
      let hits = group.filter { pitches.contains(take[$0].pitch) && seen.insert(take[$0].pitch).inserted }
      if let onset = Self.median(hits.map { take[$0].onset.rawValue }) {
        onsets.append((Seconds(chord.onset), Seconds(onset)))
      }
    }
    var warp = TimeWarp(onsets)
    var partners = pairs(played, expected, warp)
    warp = TimeWarp(times(of: chords[first...last], partners))
    partners = pairs(played, expected, warp)
    warp = TimeWarp(times(of: chords[first...last], partners))
    add(AlignedPassage(played: played, reference: expected, warp: warp), partners, hands)
  }

  /// Runs of indices with the same value.
  private static func runs(_ indices: Range<Int>, by value: (Int) -> Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = indices.lowerBound
    for index in indices where index + 1 == indices.upperBound || value(index + 1) != value(index) {
      runs.append(start..<index + 1)
      start = index + 1
    }
    return runs
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }

  /// The note of the take for each paired note of the reference.
  private func pairs(_ played: Range<Int>, _ expected: Range<Int>, _ warp: TimeWarp) -> [Int: Int] {
    var sides = Array(repeating: (expected: [NotePairs.Timed](), played: [NotePairs.Timed]()), count: 128)
    for note in expected {
      let time = warp.played(reference[note].onset).rawValue
      sides[Int(reference[note].pitch.rawValue)].expected.append(.init(note: note, seconds: time))
    }
    for note in played {
      sides[Int(take[note].pitch.rawValue)].played.append(.init(note: note, seconds: take[note].onset.rawValue))
    }
    var partners: [Int: Int] = [:]
    for side in sides {
      for pair in NotePairs.pairs(side.expected, side.played, within: Limit.tolerance) {
        partners[pair.expected] = pair.played
      }
    }
    return partners
  }

  /// The times at which the chords are played: the means of their notes, corrected by each note's offset in the
  /// reference.
  private func times(of chords: ArraySlice<OnsetGroup>, _ partners: [Int: Int])
    -> [(reference: Seconds, played: Seconds)]
  {
    chords.compactMap { chord in
      let pairs = chord.notes.compactMap { note in partners[note].map { (reference[note].onset, take[$0].onset) } }
      guard !pairs.isEmpty else { return nil }
      let count = Double(pairs.count)
      return (
        Seconds(pairs.reduce(0) { $0 + $1.0.rawValue } / count), Seconds(pairs.reduce(0) { $0 + $1.1.rawValue } / count)
      )
    }
  }

  /// Classifies the notes of a passage as right, wrong, missing or extra.
  private mutating func add(_ passage: AlignedPassage, _ partners: [Int: Int], _ hands: [Bool]) {
    let index = passages.count
    passages.append(passage)
    var isPaired = Array(repeating: false, count: passage.played.count)
    for note in partners.values { isPaired[note - passage.played.lowerBound] = true }
    let missing = passage.reference.filter { partners[$0] == nil }
    let extra = passage.played.filter { !isPaired[$0 - passage.played.lowerBound] }
    var wrong: [Int: Int] = [:]
    for (note, other) in wrongNotes(missing, extra, passage.warp) {
      wrong[note] = other
      isPaired[other - passage.played.lowerBound] = true
    }
    for note in passage.reference {
      let played = partners[note] ?? wrong[note]
      notes.append(
        AlignedNote(
          kind: partners[note] != nil ? .right : played != nil ? .wrong : .missing, played: played, reference: note,
          passage: index, time: played.map { take[$0].onset } ?? passage.warp.played(reference[note].onset),
          isRightHand: hands[note]))
    }
    for note in extra where !isPaired[note - passage.played.lowerBound] {
      notes.append(
        AlignedNote(
          kind: .extra, played: note, reference: nil, passage: index, time: take[note].onset,
          isRightHand: hand(of: note, passage, hands)))
    }
  }

  /// Pairs of a missing and an extra note, which is played instead of it, the closest first.
  private func wrongNotes(_ missing: [Int], _ extra: [Int], _ warp: TimeWarp) -> [(Int, Int)] {
    let times = missing.map { warp.played(reference[$0].onset).rawValue }.enumerated().sorted {
      $0.element < $1.element
    }
    var candidates: [(missing: Int, extra: Int, distance: Double)] = []
    for note in extra {
      let onset = take[note].onset.rawValue
      let first = times.partitioningIndex { $0.element >= onset - Limit.wrongSeconds }
      for (place, time) in times[first...].prefix(while: { $0.element <= onset + Limit.wrongSeconds }) {
        let interval = abs(Int(take[note].pitch.rawValue) - Int(reference[missing[place]].pitch.rawValue))
        guard interval > 0, interval <= Limit.wrongSemitones else { continue }
        let distance = abs(onset - time) / Limit.wrongSeconds + Double(interval) / Double(Limit.wrongSemitones)
        candidates.append((missing[place], note, distance))
      }
    }
    var taken: Set<Int> = []
    var used: Set<Int> = []
    return candidates.sorted { ($0.distance, $0.extra, $0.missing) < ($1.distance, $1.extra, $1.missing) }
      .compactMap { candidate in
        guard !taken.contains(candidate.missing), !used.contains(candidate.extra) else { return nil }
        taken.insert(candidate.missing)
        used.insert(candidate.extra)
        return (candidate.missing, candidate.extra)
      }
  }

  /// The hand of an extra note: that of the nearest pitch in the reference within about a second.
  private func hand(of note: Int, _ passage: AlignedPassage, _ hands: [Bool]) -> Bool {
    let time = passage.warp.reference(take[note].onset)
    let around = reference[passage.reference]
    let first = around.partitioningIndex { $0.onset > time - Seconds(1) }
    let near = around[first...].prefix { $0.onset < time + Seconds(1) }
    let pitch = Int(take[note].pitch.rawValue)
    let nearest = near.indices.min {
      abs(Int(reference[$0].pitch.rawValue) - pitch) < abs(Int(reference[$1].pitch.rawValue) - pitch)
    }
    return nearest.map { hands[$0] } ?? (pitch >= 60)
  }
}
