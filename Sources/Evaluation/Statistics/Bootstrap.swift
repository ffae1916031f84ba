internal import MusicCore

/// A figure, and the interval that other music of the same kind would put it in.
public struct Estimate: Hashable, Sendable, Codable {
  public var value: Double
  /// The bounds of the confidence interval.
  public var low: Double
  public var high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// Confidence intervals of figures over pieces, by the percentile method (Efron & Tibshirani, "An Introduction to the
/// Bootstrap", 1993, chapter 13): pieces are drawn again and again, with replacement, as many as there are.
///
/// Pieces and not tokens or windows are drawn, because what stands in one piece is alike.
public struct Bootstrap: Hashable, Sendable {
  public var replicates: Int
  /// The confidence level of the interval, such as 0.95.
  public var level: Double
  public var seed: UInt64

  public init(replicates: Int = 2000, level: Double = 0.95, seed: UInt64 = 0) {
    precondition(replicates > 0 && level > 0 && level < 1, "a bootstrap has replicates, and a level between 0 and 1")
    self.replicates = replicates
    self.level = level
    self.seed = seed
  }

  /// The figure of pieces and its interval, or nil where the pieces have no such figure.
  ///
  /// The same seed draws the same pieces, so that figures of several models can be compared piece by piece.
  ///
  /// - Complexity: O(n) a replicate.
  /// - Parameter figure: of any number of the pieces, some of them several times.
  public func estimate<Piece>(_ pieces: [Piece], _ figure: ([Piece]) -> Double?) -> Estimate? {
    guard let value = figure(pieces) else { return nil }
    var generator = SplitMix64(seed: seed)
    var drawn = pieces
    var figures: [Double] = []
    for _ in 0..<replicates {
      for index in drawn.indices { drawn[index] = pieces[Int.random(in: pieces.indices, using: &generator)] }
      if let figure = figure(drawn) { figures.append(figure) }
    }
    figures.sort()
    let tail = (1 - level) / 2
    return Estimate(
      value: value, low: figures.quantile(tail) ?? value, high: figures.quantile(1 - tail) ?? value)
  }

  /// The mean of numbers and its interval; nil without numbers.
  public func mean(_ numbers: [Double]) -> Estimate? { estimate(numbers, \.mean) }
}
