internal import MusicCore

/// Takes and the excerpts of real music that they are compared with, preprocessed in the same way.
public struct ExcerptSets: Sendable {
  /// The analyses of takes.
  public var takes: [ExcerptAnalysis]
  /// Held-out music, as many excerpts as there are takes.
  public var real: [ExcerptAnalysis]
  /// Training music, as many excerpts as there are takes.
  public var training: [ExcerptAnalysis]?
  /// Several splits of the held-out pieces into halves with equally many excerpts: the reference for comparing real
  /// music with other real music.
  public var halves: [Halves]

  /// The two halves of the real excerpts, compared with each other as a reference.
  public struct Halves: Sendable {
    /// The first half.
    public var first: [ExcerptAnalysis]
    /// The second half.
    public var second: [ExcerptAnalysis]
  }

  /// - Parameters:
  ///   - heldOut: excerpts of held-out music in random order, about twice as many as takes: the first of them are
  ///     compared with takes, and all of them are split into halves.
  public init(
    takes: [ExcerptAnalysis], heldOut: [ExcerptAnalysis], training: [ExcerptAnalysis]? = nil, halvings: Int = 10,
    seed: UInt64 = 0
  ) {
    self.takes = takes
    self.training = training
    real = Array(heldOut.prefix(takes.count))
    var generator = SplitMix64(seed: seed)
    let pieces = heldOut.byPiece
    halves = (0..<halvings).compactMap { _ in
      var shuffled = pieces
      shuffled.shuffle(with: &generator)
      let middle = Self.middle(of: shuffled.map(\.count))
      var sides = [shuffled[..<middle].flatMap(\.self), shuffled[middle...].flatMap(\.self)]
      let count = min(takes.count, sides[0].count, sides[1].count)
      guard count > 1 else { return nil }
      for side in sides.indices { sides[side].shuffle(with: &generator) }
      return Halves(first: Array(sides[0].prefix(count)), second: Array(sides[1].prefix(count)))
    }
  }

  /// The number of pieces after which both sides have the most equal numbers of excerpts.
  private static func middle(of counts: [Int]) -> Int {
    let total = counts.reduce(0, +)
    var sum = 0
    let distances = counts.indices.map { index in
      defer { sum += counts[index] }
      return abs(total - 2 * sum)
    }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }
}
