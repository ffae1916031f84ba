public import MusicCore

/// Finds passages of indexed pieces that a take repeats, also transposed or at another tempo.
///
/// A sequence of notes of a take matches one of a piece if
/// - the notes are consecutive in both, ordered by onset, and by pitch within a chord (onsets up to two ticks of 1/64 s
///   apart),
/// - the intervals from note to note are the same, and
/// - there is one tempo ratio, from ½ to 2, at which the inter-onset intervals equal those of the piece, within the
///   rounding of onsets to ticks.
///
/// Note durations and dynamic levels may differ. If onsets of a performance are about two ticks apart, another tempo
/// can merge or split the chord, which ends a match: such a copy is found in several parts. Matches of fewer than five
/// notes are ignored, since all music shares them.
public struct NoteIndex: Sendable {
  private var steps = NoteSteps([])
  /// The index of the first note of each piece.
  private var starts: [Int] = []
  /// The four intervals after each note in the high half, and the index of the note in the low half; sorted.
  private var places: [UInt64] = []

  private static let keyLength = 4

  /// Indexes pieces. O(n log n), 14 bytes per note; at most 2³¹ notes.
  public init(_ pieces: some Sequence<Take>) {
    for piece in pieces {
      starts.append(steps.onsets.count)
      steps.append(NoteSteps(piece.notes))
    }
    for position in 0..<max(0, steps.onsets.count - Self.keyLength + 1) {
      if let key = Self.key(steps.intervals[position..<position + Self.keyLength]) {
        places.append(key | UInt64(position))
      }
    }
    places.sort()
  }

  /// The number of indexed notes.
  public var noteCount: Int { steps.onsets.count }

  /// The longest match of a take with any piece; nil if none has five notes.
  public func longestMatch(of take: Take) -> NoteMatch? {
    let ours = NoteSteps(take.notes)
    var longest: Stretch?
    for start in 0..<max(0, ours.intervals.count - Self.keyLength) {
      for place in self.places(of: ours.intervals[start..<start + Self.keyLength]) {
        // The continuation of a match that started earlier has already been found.
        if start > 0, place > 0, ours.intervals[start - 1] == steps.intervals[place - 1] { continue }
        let stretch = longestStretch(of: ours, from: start, at: place)
        if stretch.count > longest?.count ?? Self.keyLength - 1 { longest = stretch }
      }
    }
    return longest.map { match($0, of: ours) }
  }

  /// Four intervals packed into the high half of a word; nil if a piece ends among them.
  private static func key(_ intervals: ArraySlice<UInt8>) -> UInt64? {
    var key: UInt64 = 0
    for interval in intervals {
      guard interval > 0 else { return nil }
      key = key << 8 | UInt64(interval)
    }
    return key << 32
  }

  /// The positions at which four intervals occur.
  private func places(of intervals: ArraySlice<UInt8>) -> some Sequence<Int> {
    let key = Self.key(intervals) ?? 0
    let start = places.partitioningIndex { $0 >= key }
    return places[start...].lazy.prefix { $0 >> 32 == key >> 32 }.map { Int($0 & 0xFFFF_FFFF) }
  }
}

extension NoteIndex {
  /// A stretch of matching steps.
  private struct Stretch {
    var start: Int
    var place: Int
    var count = 0
    var scale = TimeScale()
  }

  /// The longest stretch of equal intervals from a start on that is consistent with one tempo ratio.
  private func longestStretch(of ours: NoteSteps, from start: Int, at place: Int) -> Stretch {
    var longest = Stretch(start: start, place: place)
    var current = longest
    func narrow(_ start: Int, _ place: Int) -> Bool {
      current.scale.narrow(ours.interOnset(start), from: steps.interOnset(place))
    }
    for offset in 0..<ours.intervals.count - start {
      let (next, nextPlace) = (start + offset, place + offset)
      guard ours.intervals[next] > 0, ours.intervals[next] == steps.intervals[nextPlace] else { break }
      if narrow(next, nextPlace) {
        current.count += 1
      } else {
        // Extends backwards from this step as far as another tempo ratio allows.
        current = Stretch(start: next + 1, place: nextPlace + 1)
        while current.start > start, narrow(current.start - 1, current.place - 1) {
          (current.start, current.place, current.count) = (current.start - 1, current.place - 1, current.count + 1)
        }
      }
      if current.count > longest.count { longest = current }
    }
    return longest
  }

  private func match(_ stretch: Stretch, of ours: NoteSteps) -> NoteMatch {
    let piece = starts.partitioningIndex { $0 > stretch.place } - 1
    return NoteMatch(
      notes: stretch.count + 1, start: ours.time(of: stretch.start), piece: piece,
      pieceStart: steps.time(of: stretch.place),
      semitones: Int(ours.pitches[stretch.start]) - Int(steps.pitches[stretch.place]), timeScale: stretch.scale.value)
  }
}

/// A passage of a piece that a take repeats.
public struct NoteMatch: Hashable, Sendable, Codable {
  /// The number of matching notes.
  public var notes: Int
  /// Where the match starts in the take.
  public var start: Seconds
  /// The index of the piece.
  public var piece: Int
  /// Where the match starts in the piece.
  public var pieceStart: Seconds
  /// The transposition of the take relative to the piece.
  public var semitones: Int
  /// The approximate ratio of inter-onset intervals of take and piece: 2 at half the tempo.
  public var timeScale: Double
}
