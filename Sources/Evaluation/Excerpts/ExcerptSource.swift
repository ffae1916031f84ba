internal import MusicAnalysis
public import MusicCore
public import MusicTokens

/// Draws random excerpts from real music.
public struct ExcerptSource: Sendable {
  private let pieces: [Piece]
  /// The cumulative number of possible starts by piece.
  private let ends: [Int]
  private let length: Seconds
  private let starts: Starts

  /// Where excerpts start.
  public enum Starts: Sendable {
    /// Every token is equally likely as the start: a model is trained on windows of tokens, so dense music has a larger share
    /// of its training data than sparse music.
    case anywhere
    /// At the beginning of a piece, every piece equally likely and none twice: takes begin as pieces begin.
    case beginnings
  }

  private struct Piece: Sendable {
    var index: Int
    var music: Take
    /// The times of the tokens that have enough music after them.
    var starts: [Seconds]
  }

  /// - Parameters:
  ///   - length: the minimum amount of music after each start. Shorter pieces are left out.
  public init(_ pieces: [[Token]], length: Seconds, starts: Starts = .anywhere) {
    self.length = length
    self.starts = starts
    self.pieces = pieces.enumerated().compactMap { index, tokens in
      let music = Take(tokens)
      // The last onset with enough music after it.
      let latest = music.duration - length
      let end = music.notes.partitioningIndex { $0.onset > latest }
      guard end > 0 else { return nil }
      let last = music.notes[end - 1].onset
      let times = starts == .beginnings ? [.zero] : Array(Self.times(of: tokens).prefix { $0 <= last })
      return Piece(index: index, music: music, starts: times)
    }
    var total = 0
    ends = self.pieces.map { piece in
      total += piece.starts.count
      return total
    }
  }

  /// The number of pieces that are long enough.
  public var pieceCount: Int { pieces.count }

  /// Draws `count` excerpts, which may overlap, or fewer if there are fewer beginnings; none if all pieces are too
  /// short.
  ///
  /// - Parameter lengths: the lengths of the excerpts, which are used cyclically; at most the length of the source.
  /// - Complexity: O(n) per excerpt in its notes.
  public func excerpts(_ count: Int, lengths: [Seconds] = [], seed: UInt64) -> [Excerpt] {
    guard let total = ends.last, total > 0 else { return [] }
    var generator = SplitMix64(seed: seed)
    let places: [Int]
    switch starts {
    case .anywhere: places = (0..<count).map { _ in generator.number(in: 0...total - 1) }
    case .beginnings: places = Array((0..<total).shuffled(using: &generator).prefix(count))
    }
    return places.enumerated().compactMap { number, place in
      let piece = ends.partitioningIndex { $0 > place }
      let start = pieces[piece].starts[place - (piece == 0 ? 0 : ends[piece - 1])]
      let length = lengths.isEmpty ? length : min(length, lengths[number % lengths.count])
      return Excerpt(of: pieces[piece].music, piece: pieces[piece].index, from: start, length: length)
    }
  }

  /// The time of each token of a stream.
  private static func times(of tokens: [Token]) -> [Seconds] {
    var tick = 0
    return tokens.map { token in
      defer { tick += token.ticks }
      return TokenTime(rawValue: tick).seconds
    }
  }
}
