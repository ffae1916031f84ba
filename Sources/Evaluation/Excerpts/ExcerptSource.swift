internal import MusicAnalysis
public import MusicCore
public import MusicTokens

/// Draws excerpts from real music, each token as probable as any other to be the start: a model hears music in windows
/// of tokens, so that dense music is more of what it learns than sparse music.
public struct ExcerptSource: Sendable {
  private let pieces: [Piece]
  /// For each piece the number of possible starts in it and all before it.
  private let ends: [Int]
  private let length: Seconds

  private struct Piece: Sendable {
    var index: Int
    var music: Take
    /// The times of the tokens from which there is enough music.
    var starts: [Seconds]
  }

  /// - Parameters:
  ///   - length: how much music follows each start, at least. Shorter pieces are left out.
  public init(_ pieces: [[Token]], length: Seconds) {
    self.length = length
    self.pieces = pieces.enumerated().compactMap { index, tokens in
      let music = Take(tokens)
      // The last onset that has enough music after it.
      let latest = music.duration - length
      let end = music.notes.partitioningIndex { $0.onset > latest }
      guard end > 0 else { return nil }
      let last = music.notes[end - 1].onset
      let starts = Self.times(of: tokens).prefix { $0 <= last }
      return Piece(index: index, music: music, starts: Array(starts))
    }
    var total = 0
    ends = self.pieces.map { piece in
      total += piece.starts.count
      return total
    }
  }

  /// How many pieces are long enough.
  public var pieceCount: Int { pieces.count }

  /// So many excerpts, which may overlap; none where all pieces are too short.
  ///
  /// - Parameter lengths: how long excerpts are, each in turn, at most what the source was made for.
  /// - Complexity: O(n) in the notes of an excerpt for each.
  public func excerpts(_ count: Int, lengths: [Seconds] = [], seed: UInt64) -> [Excerpt] {
    guard let total = ends.last, total > 0 else { return [] }
    var generator = SplitMix64(seed: seed)
    return (0..<count).compactMap { number in
      let place = generator.number(in: 0...total - 1)
      let piece = ends.partitioningIndex { $0 > place }
      let start = pieces[piece].starts[place - (piece == 0 ? 0 : ends[piece - 1])]
      let length = lengths.isEmpty ? length : min(length, lengths[number % lengths.count])
      return Excerpt(of: pieces[piece].music, piece: pieces[piece].index, from: start, length: length)
    }
  }

  /// When each token of a stream is.
  private static func times(of tokens: [Token]) -> [Seconds] {
    var tick = 0
    return tokens.map { token in
      defer { if case .timeShift(let ticks) = token.meaning { tick += ticks } }
      return TokenTime(rawValue: tick).seconds
    }
  }
}
