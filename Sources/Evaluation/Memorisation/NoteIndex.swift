public import MusicCore

/// Finds where music has been heard before, in another key and at another tempo too.
///
/// Some notes of a take match notes of a piece where
/// - they follow each other in both, by onset, and by pitch within a chord (onsets up to two ticks of 1/64 s apart),
/// - the intervals from note to note are the same, and
/// - there is one tempo, from half to double that of the piece, at which the times between their onsets are those of the
///   piece, each to within the rounding of onsets to ticks.
///
/// Lengths of notes, and levels, may differ. Where onsets of a performance lie just about two ticks apart, another tempo can
/// join or part them, which ends a match: there the copy is found in pieces. Matches of fewer than five notes are none: all music shares those.
public struct NoteIndex: Sendable {
  private var steps = NoteSteps([])
  /// Where each piece starts.
  private var starts: [Int] = []
  /// What follows each note, four intervals in the high half, and the note's position in the low half; sorted.
  private var places: [UInt64] = []

  private static let keyLength = 4

  /// Indexes pieces. O(n log n), 14 bytes a note; at most 2³¹ notes.
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

  /// How many notes are indexed.
  public var noteCount: Int { steps.onsets.count }

  /// The longest match of a take with any piece; nil where none has five notes.
  public func longestMatch(of take: Take) -> NoteMatch? {
    let ours = NoteSteps(take.notes)
    var longest: Stretch?
    for start in 0..<max(0, ours.intervals.count - Self.keyLength) {
      for place in self.places(of: ours.intervals[start..<start + Self.keyLength]) {
        // What goes on from a match that started before was found with it.
        if start > 0, place > 0, ours.intervals[start - 1] == steps.intervals[place - 1] { continue }
        let stretch = longestStretch(of: ours, from: start, at: place)
        if stretch.count > longest?.count ?? Self.keyLength - 1 { longest = stretch }
      }
    }
    return longest.map { match($0, of: ours) }
  }

  /// Four intervals in the high half of a word, or nil where a piece ends among them.
  private static func key(_ intervals: ArraySlice<UInt8>) -> UInt64? {
    var key: UInt64 = 0
    for interval in intervals {
      guard interval > 0 else { return nil }
      key = key << 8 | UInt64(interval)
    }
    return key << 32
  }

  /// Where four intervals occur.
  private func places(of intervals: ArraySlice<UInt8>) -> some Sequence<Int> {
    let key = Self.key(intervals) ?? 0
    let start = places.partitioningIndex { $0 >= key }
    return places[start...].lazy.prefix { $0 >> 32 == key >> 32 }.map { Int($0 & 0xFFFF_FFFF) }
  }
}

extension NoteIndex {
  /// Steps that match.
  private struct Stretch {
    var start: Int
    var place: Int
    var count = 0
    var scale = TimeScale()
  }

  /// As far as the intervals are the same from a start on, the longest stretch that one tempo explains.
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
        // As far back from this step as another tempo goes.
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

/// Where a take repeats a piece.
public struct NoteMatch: Hashable, Sendable, Codable {
  /// How many notes match.
  public var notes: Int
  /// Where the match starts in the take.
  public var start: Seconds
  /// The index of the piece.
  public var piece: Int
  /// Where the match starts in the piece.
  public var pieceStart: Seconds
  /// How much higher the take is.
  public var semitones: Int
  /// How much longer, about, the times between the onsets of the take are: 2 at half the tempo.
  public var timeScale: Double
}
