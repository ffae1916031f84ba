internal import Glibc
internal import MusicCore

/// Detects cadences by the notes, the meter and the bass line: resolutions of a dominant in root position, and phrases that
/// end on the dominant.
///
/// The evidence for each candidate is summed as log odds, from which its confidence is computed.
struct CadenceFinder {
  private let frames: HarmonicFrames
  private let keys: LocalKeys
  private let usualGap: Double
  private let accents: [Cadence.Accent]
  /// The lowest pitch of each frame; nil in silence.
  private let lowest: [Int?]
  /// The frames of cadential six-four chords.
  private let sixFours: Set<Int>
  /// The frames at which the opening of the top line returns.
  private let restarts: Set<Int>

  private static let perQuarter = HarmonicFrames.perQuarter

  init(_ frames: HarmonicFrames, _ keys: LocalKeys, sixFours: Set<Int>) {
    self.frames = frames
    self.keys = keys
    self.sixFours = sixFours
    let gaps = zip(frames.melody, frames.melody.dropFirst()).map { $1.onset - $0.onset }.filter { $0 > 0.01 }.sorted()
    usualGap = gaps.isEmpty ? 1 : gaps[gaps.count / 2]
    lowest = frames.pitches.map(\.lowest)
    accents = Self.accents(frames)
    restarts = Self.restarts(frames)
  }

  /// The cadences of a piece in order of time; `chords` are its chords.
  func cadences(_ chords: [ChordSpan]) -> [Cadence] {
    var candidates: [Candidate] = []
    for frame in 0..<frames.count
    where frames.firstOnset[frame] != nil && (accents[frame] != .offbeat || sixFours.contains(frame - 1)) {
      // At a modulation, a cadence may be in the previous key.
      for key in Set([keys.key(at: frame), keys.key(at: max(0, frame - Self.perQuarter))]) {
        candidates += [authentic(frame, key), half(frame, key), deceptive(frame, key), plagal(frame, key)]
          .compactMap(\.self)
      }
    }
    return Self.suppressingNeighbors(candidates).filter { $0.confidence >= 0.3 }.map { candidate in
      let time = frames.chordStart(candidate.frame)
      let next = chords.partitioningIndex { $0.start >= time - Seconds(0.001) }
      let before = next > 0 ? chords[next - 1] : nil
      return Cadence(
        time: time, kind: candidate.kind, key: keys.name(of: candidate.key), confidence: candidate.confidence,
        evidence: Cadence.Evidence(
          bass: candidate.bass, meter: accents[candidate.frame], gapQuarters: candidate.gap,
          chordBefore: before?.romanNumeral))
    }
  }

  private struct Candidate {
    var frame: Int
    var kind: Cadence.Kind
    var key: Key
    /// The log odds.
    var score: Double
    var gap: Double
    var bass: String
    /// The sum is scaled down, since the terms are correlated.
    var confidence: Double { 1 / (1 + exp(-0.5 * score)) }
  }

  /// The candidates in order of time, without those near a better one (non-maximum suppression).
  private static func suppressingNeighbors(_ candidates: [Candidate]) -> [Candidate] {
    let distance = 3 * perQuarter
    var taken = Set<Int>()
    return candidates.sorted { ($1.score, $0.frame, $0.key.index) < ($0.score, $1.frame, $1.key.index) }.filter {
      candidate in
      let isFree = !(candidate.frame - distance...candidate.frame + distance).contains(where: taken.contains)
      if isFree { taken.insert(candidate.frame) }
      return isFree
    }.sorted { $0.frame < $1.frame }
  }

  /// The frames at which the first bar of the top line recurs, at any transposition, at least two bars after the last one.
  private static func restarts(_ frames: HarmonicFrames) -> Set<Int> {
    guard let first = frames.melody.first,
      let second = frames.isDownbeat.indices.first(where: { frames.isDownbeat[$0] && Double($0) > 2 * first.onset + 4 })
    else { return [] }
    let length = Double(second) / Double(perQuarter) - first.onset
    let opening = frames.melody.prefix { $0.onset < first.onset + length - 0.1 }
    guard opening.count >= 3 else { return [] }
    var restarts = Set<Int>()
    var free = 2 * length
    for start in frames.melody.indices.dropFirst(opening.count) {
      let (here, end) = (frames.melody[start], start + opening.count)
      guard here.onset >= first.onset + free, end <= frames.melody.count else { continue }
      let isSame = zip(opening, frames.melody[start..<end]).allSatisfy { old, new in
        abs((old.onset - first.onset) - (new.onset - here.onset)) < 0.1
          && old.pitchClass.interval(above: first.pitchClass) == new.pitchClass.interval(above: here.pitchClass)
      }
      if isSame {
        restarts.insert(Int((here.onset * Double(perQuarter)).rounded()))
        free = here.onset - first.onset + 2 * length
      }
    }
    return restarts
  }

  /// Whether the opening of the piece returns within a number of frames after one.
  private func isFollowedByRestart(_ frame: Int, within limit: Int) -> Bool {
    (frame + 1...frame + limit).contains(where: restarts.contains)
  }

  private static func accents(_ frames: HarmonicFrames) -> [Cadence.Accent] {
    var accents = (0..<frames.count).map {
      frames.isDownbeat[$0] ? Cadence.Accent.downbeat : frames.isPulse[$0] ? .beat : .offbeat
    }
    let downbeats = accents.indices.filter { accents[$0] == .downbeat }
    for (start, end) in zip(downbeats, downbeats.dropFirst() + [frames.count]) {
      let middle = (start + end) / 2
      if (end - start) % 2 == 0, middle < frames.count, accents[middle] == .beat { accents[middle] = .halfBar }
    }
    // If downbeats are unknown, any beat may be strong.
    return downbeats.isEmpty ? accents.map { $0 == .beat ? .halfBar : $0 } : accents
  }

  // MARK: Kinds

  private func authentic(_ frame: Int, _ key: Key) -> Candidate? {
    guard degree(lowest[frame], key) == 0, let dominant = dominant(before: frame, key) else { return nil }
    let gap = gap(from: frame)
    let third = key.isMinor ? 3 : 4
    let chord = degrees(frame..<frame + 2, key)
    guard chord.contains(third) || chord.contains(7) || chord == [0] else { return nil }
    var score = -3.0 + strength(frame) + phraseEnd(gap)
    score -= 0.5 * Double(chord.subtracting([0, third, 7]).count)
    let before = degrees(max(0, frame - 2)..<frame, key)
    score += before.contains(11) ? 1.0 : -2.0
    if before.contains(5) { score += 0.3 }
    if before.contains(0) { score -= 0.3 }
    score -= 0.2 * Double(frame - 1 - dominant.last)
    if dominant.isPrepared { score += 0.8 }
    score += 0.2 * Double(min(4, hold(frame, key, tones: [0, third, 7])))
    if restarts.contains(frame) { score -= 2 }
    if isFollowedByRestart(frame, within: 6) { score += 1 }
    let isPerfect = top(frame, key) == 0
    score += isPerfect ? 0.8 : -0.8
    return Candidate(
      frame: frame, kind: isPerfect ? .perfectAuthentic : .imperfectAuthentic, key: key, score: score, gap: gap,
      bass: "\(dominant.bassBefore.map { Self.name($0, key) + " " } ?? "")5 1")
  }

  private func half(_ frame: Int, _ key: Key) -> Candidate? {
    guard degree(lowest[frame], key) == 7 else { return nil }
    let chord = degrees(frame..<frame + 2, key)
    guard chord.contains(11), !chord.contains(5) else { return nil }
    let start = sixFourStart(before: frame)
    guard let before = otherBass(before: start, within: 8) else { return nil }
    let step = degree(before, key) ?? 0
    guard [5, 6, 8, 9, 2, 0, 4, 3].contains(step) else { return nil }
    let gap = gap(from: frame)
    var score = -3.5 + strength(start) + phraseEnd(gap)
    if start < frame { score += 1 }
    if isFollowedByRestart(frame, within: 4) { score += 2 }
    if chord.contains(0) { score -= 1 }
    score += [5, 6, 8].contains(step) ? 0.8 : [9, 2].contains(step) ? 0.2 : 0
    score += 0.3 * Double(min(4, hold(frame, key, tones: [7, 11, 2])))
    // A dominant that resolves to its tonic immediately is not a half cadence.
    if let next = nextBass(after: frame), next.distance <= 3, degree(next.pitch, key) == 0 { score -= 0.5 }
    let top = top(frame, key)
    score += top == 2 || top == 11 || top == 7 ? 0.3 : -0.3
    return Candidate(
      frame: frame, kind: .half, key: key, score: score, gap: gap, bass: "\(Self.name(step, key)) 5")
  }

  /// The first frame of the cadential six-four that ends before a frame; that frame if there is none.
  private func sixFourStart(before frame: Int) -> Int {
    var start = frame
    while sixFours.contains(start - 1) { start -= 1 }
    return start
  }

  private func deceptive(_ frame: Int, _ key: Key) -> Candidate? {
    let sixth = key.isMinor ? 8 : 9
    guard degree(lowest[frame], key) == sixth, let dominant = dominant(before: frame, key), dominant.last >= frame - 2
    else { return nil }
    let chord = degrees(frame..<frame + 2, key)
    guard chord.contains(0), chord.contains(key.isMinor ? 3 : 4), !chord.contains(7), !chord.contains(2) else {
      return nil
    }
    guard degrees(max(0, frame - 2)..<frame, key).contains(11) else { return nil }
    let gap = gap(from: frame)
    var score = -3.5 + strength(frame) + phraseEnd(gap)
    if dominant.isPrepared { score += 0.8 }
    if top(frame, key) == 0 { score += 0.8 }
    return Candidate(frame: frame, kind: .deceptive, key: key, score: score, gap: gap, bass: "5 6")
  }

  private func plagal(_ frame: Int, _ key: Key) -> Candidate? {
    guard degree(lowest[frame], key) == 0, let before = otherBass(before: frame, within: 3), degree(before, key) == 5
    else { return nil }
    let chord = degrees(max(0, frame - 2)..<frame, key)
    guard chord.contains(0), chord.contains(key.isMinor ? 8 : 9), !chord.contains(11) else { return nil }
    let gap = gap(from: frame)
    let score = -5 + strength(frame) + phraseEnd(gap)
    return Candidate(frame: frame, kind: .plagal, key: key, score: score, gap: gap, bass: "4 1")
  }

  // MARK: Evidence

  private func strength(_ frame: Int) -> Double {
    switch accents[frame] {
    case .downbeat: 0.6
    case .halfBar: 0
    case .beat: -1.0
    case .offbeat: -3
    }
  }

  private func phraseEnd(_ gap: Double) -> Double {
    0.8 * log2(min(8, max(0.5, gap / usualGap))) + 0.2 * min(4, gap)
  }

  /// The longest inter-onset interval of the top line that begins in the quarter note from a frame on, at most 8 quarters.
  private func gap(from frame: Int) -> Double {
    let start = Double(frame) / Double(Self.perQuarter)
    var index = frames.melody.partitioningIndex { $0.onset >= start - 0.1 }
    var longest = 0.0
    while index < frames.melody.count, frames.melody[index].onset < start + 0.9 {
      let next = index + 1 < frames.melody.count ? frames.melody[index + 1].onset : .infinity
      longest = max(longest, min(8, next - frames.melody[index].onset))
      index += 1
    }
    return longest
  }

  /// The scale degree, in semitones, of the longest note of the top line in the quarter note from a frame on.
  private func top(_ frame: Int, _ key: Key) -> Int? {
    let start = Double(frame) / Double(Self.perQuarter)
    var index = frames.melody.partitioningIndex { $0.onset >= start - 0.1 }
    var best: (gap: Double, degree: Int)?
    while index < frames.melody.count, frames.melody[index].onset < start + 0.9 {
      let next = index + 1 < frames.melody.count ? frames.melody[index + 1].onset : .infinity
      let gap = next - frames.melody[index].onset
      if gap > (best?.gap ?? 0) + 0.01 { best = (gap, frames.melody[index].pitchClass.interval(above: key.tonic)) }
      index += 1
    }
    return best?.degree ?? frames.pitches[frame].highest.flatMap { degree($0, key) }
  }

  private func degree(_ pitch: Int?, _ key: Key) -> Int? {
    pitch.map { PitchClass(semitones: $0).interval(above: key.tonic) }
  }

  /// The pitch classes that sound in a range of frames, in semitones above the tonic.
  private func degrees(_ range: Range<Int>, _ key: Key) -> Set<Int> {
    var degrees = Set<Int>()
    for frame in range.clamped(to: 0..<frames.count) {
      for pitchClass in 0..<12 where frames.hasPitchClass(pitchClass, at: frame) {
        degrees.insert((pitchClass - key.tonic.rawValue + 12) % 12)
      }
    }
    return degrees
  }

  /// The number of consecutive frames after one in which only the given pitch classes sound.
  private func hold(_ frame: Int, _ key: Key, tones: Set<Int>) -> Int {
    var count = 0
    while frame + count + 1 < frames.count, count < 8,
      degrees(frame + count + 1..<frame + count + 2, key).isSubset(of: tones)
    {
      count += 1
    }
    return count
  }

  /// The scale degree 5 in the bass in the four quarters before a frame, followed only by other tones of the dominant.
  private func dominant(before frame: Int, _ key: Key) -> (last: Int, isPrepared: Bool, bassBefore: Int?)? {
    var last: Int?
    var index = frame - 1
    while index >= max(0, frame - 8) {
      guard let degree = degree(lowest[index], key) else {
        index -= 1
        continue
      }
      if degree == 7 {
        last = index
        break
      }
      guard [11, 2, 5].contains(degree) else { return nil }
      index -= 1
    }
    guard let last else { return nil }
    // The chord before the dominant, and whether a cadential six-four precedes it.
    var hasSixFour = false
    while index >= max(0, last - 16) {
      guard let degree = degree(lowest[index], key) else {
        index -= 1
        continue
      }
      if degree != 7, degree != 11, degree != 2 || index < last - 4 { break }
      let sounding = degrees(index..<index + 1, key)
      if sounding.contains(0), sounding.contains(key.isMinor ? 3 : 4) { hasSixFour = true }
      index -= 1
    }
    let before = index >= 0 ? degree(lowest[index], key) : nil
    return (last, hasSixFour || [5, 6, 8, 2].contains(before), before)
  }

  /// The last bass note before a frame that has another pitch class.
  private func otherBass(before frame: Int, within limit: Int) -> Int? {
    guard let bass = lowest[frame] else { return nil }
    for index in stride(from: frame - 1, through: max(0, frame - limit), by: -1) {
      if let other = lowest[index], (other - bass) % 12 != 0 { return other }
    }
    return nil
  }

  private func nextBass(after frame: Int) -> (pitch: Int, distance: Int)? {
    guard let bass = lowest[frame] else { return nil }
    for index in frame + 1..<max(frame + 1, min(frames.count, frame + 9)) {
      if let other = lowest[index], (other - bass) % 12 != 0 { return (other, index - frame) }
    }
    return nil
  }

  private static func name(_ degree: Int, _ key: Key) -> String {
    (key.isMinor
      ? ["1", "b2", "2", "3", "#3", "4", "#4", "5", "6", "#6", "7", "#7"]
      : ["1", "b2", "2", "b3", "3", "4", "#4", "5", "b6", "6", "b7", "7"])[degree]
  }
}
