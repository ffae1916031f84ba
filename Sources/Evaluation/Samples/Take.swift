public import MusicAnalysis
public import MusicCore
public import MusicTokens

/// Some seconds of music as notes: a sample of a model, or an excerpt of a piece that it is compared with.
public struct Take: Hashable, Sendable {
  /// The notes, ordered by onset, then pitch.
  public var notes: [PlayedNote]
  /// From the start to the end of the last note or shift.
  public var duration: Seconds

  /// - Parameter notes: notes ordered by onset, then pitch.
  public init(notes: [PlayedNote], duration: Seconds) {
    self.notes = notes
    self.duration = duration
  }

  /// Decodes the notes of a stream; ungrammatical tokens are repaired.
  public init(_ tokens: some Sequence<Token>) { self.init(TokenDecoder().decoding(tokens)) }

  init(_ decoded: TokenDecoder.Decoded) {
    let end = decoded.score.tracks.map(\.end).max() ?? .zero
    self.init(notes: decoded.score.playedNotes(), duration: decoded.score.tempoMap.seconds(at: end))
  }

  /// Consecutive excerpts of a length; the remainder at the end is dropped.
  ///
  /// A note belongs to the excerpt in which it starts, and is cut at its end.
  public func excerpts(of length: Seconds) -> [Take] {
    precondition(length > .zero, "an excerpt has a length")
    var excerpts = (0..<Int(duration.rawValue / length.rawValue)).map { _ in Take(notes: [], duration: length) }
    for var note in notes {
      let index = Int(note.onset.rawValue / length.rawValue)
      guard index < excerpts.count else { break }
      let start = Seconds(Double(index) * length.rawValue)
      (note.onset, note.end) = (note.onset - start, min(note.end - start, length))
      excerpts[index].notes.append(note)
    }
    return excerpts
  }
}

/// The silence of a take.
public struct Silence: Hashable, Sendable, Codable {
  /// The longest time without a sounding note, including the start and the end of the take.
  public var longest: Seconds
  /// The share of the duration without a sounding note; 1 if there are no notes.
  public var share: Double

  /// Measures the silence in a take.
  public init(_ take: Take) {
    var (heard, silent, longest) = (Seconds.zero, Seconds.zero, Seconds.zero)
    for note in take.notes {
      if note.onset > heard {
        longest = max(longest, note.onset - heard)
        silent = silent + (note.onset - heard)
      }
      heard = max(heard, note.end)
    }
    let rest = max(.zero, take.duration - heard)
    self.longest = max(longest, rest)
    let whole = max(take.duration, heard)
    share = whole > .zero ? (silent + rest).rawValue / whole.rawValue : 1
  }
}
