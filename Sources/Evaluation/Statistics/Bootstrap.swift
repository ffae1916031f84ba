internal import MusicCore

/// An estimate with its confidence interval.
public struct Estimate: Hashable, Sendable, Codable {
  /// The estimate itself.
  public var value: Double
  /// The bounds of the confidence interval.
  public var low: Double
  /// The upper end of its interval.
  public var high: Double

  /// Creates an estimate.
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// Bootstrap confidence intervals of statistics over pieces, by the percentile method (Efron & Tibshirani, "An
/// Introduction to the Bootstrap", 1993, chapter 13): pieces are resampled with replacement.
///
/// Pieces rather than tokens or windows are resampled, because those of one piece are correlated.
public struct Bootstrap: Hashable, Sendable {
  /// The number of resamples.
  public var replicates: Int
  /// The confidence level of the interval, such as 0.95.
  public var level: Double
  /// The seed of the resampling.
  public var seed: UInt64

  /// Creates a bootstrap.
  public init(replicates: Int = 2000, level: Double = 0.95, seed: UInt64 = 0) {
    precondition(replicates > 0 && level > 0 && level < 1, "a bootstrap has replicates, and a level between 0 and 1")
    self.replicates = replicates
    self.level = level
    self.seed = seed
  }

  /// A statistic of pieces and its confidence interval; nil if the statistic is undefined for the pieces.
  ///
  /// The same seed draws the same pieces, so that statistics of several models are paired.
  ///
  /// - Complexity: O(n) per replicate.
  /// - Parameter figure: the statistic of a resample, in which pieces may occur several times.
  public func estimate<Piece>(_ pieces: [Piece], _ figure: ([Piece]) -> Double?) -> Estimate? {
    estimates(pieces) { figure($0).map { [$0] } ?? [] }.first
  }

  /// Several statistics of the same resamples; empty if they are undefined for the pieces.
  ///
  /// - Parameter figures: the statistics of a resample, always equally many, or none.
  public func estimates<Piece>(_ pieces: [Piece], _ figures: ([Piece]) -> [Double]) -> [Estimate] {
    var generator = SplitMix64(seed: seed)
    return intervals(around: figures(pieces)) { figures(Self.drawn(pieces, using: &generator)) }
  }

  /// A statistic of two sets, each of which is resampled.
  public func estimate<First, Second>(
    _ first: [First], _ second: [Second], _ figure: ([First], [Second]) -> Double?
  ) -> Estimate? {
    var generator = SplitMix64(seed: seed)
    return intervals(around: figure(first, second).map { [$0] } ?? []) {
      let draw = (Self.drawn(first, using: &generator), Self.drawn(second, using: &generator))
      return figure(draw.0, draw.1).map { [$0] } ?? []
    }.first
  }

  private static func drawn<Piece>(_ pieces: [Piece], using generator: inout SplitMix64) -> [Piece] {
    pieces.indices.map { _ in pieces[Int.random(in: pieces.indices, using: &generator)] }
  }

  private func intervals(around values: [Double], _ replicate: () -> [Double]) -> [Estimate] {
    guard !values.isEmpty else { return [] }
    var replicates: [[Double]] = []
    for _ in 0..<self.replicates {
      let figures = replicate()
      if figures.count == values.count { replicates.append(figures) }
    }
    let tail = (1 - level) / 2
    return values.enumerated().map { index, value in
      let figures = replicates.map { $0[index] }.sorted()
      return Estimate(
        value: value, low: figures.quantile(tail) ?? value, high: figures.quantile(1 - tail) ?? value)
    }
  }

  /// The mean of numbers and its confidence interval; nil if there are none.
  public func mean(_ numbers: [Double]) -> Estimate? { estimate(numbers, \.mean) }
}
