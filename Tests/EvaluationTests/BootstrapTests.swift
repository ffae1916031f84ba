import Evaluation
import MusicCore
import TestSupport
import Testing

@Suite("Bootstrap") struct BootstrapTests {
  private static func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Double.random(in: 0..<1, using: &generator) }
  }

  @Test("of a mean is as wide as the normal approximation", arguments: [(0.95, 1.96), (0.8, 1.2816)])
  func width(level: Double, quantile: Double) throws {
    let numbers = Self.numbers(400, seed: 1)
    let estimate = try #require(Bootstrap(replicates: 4000, level: level).mean(numbers))
    let mean = numbers.reduce(0, +) / 400
    let error = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400 / 400).squareRoot()
    #expect(abs(estimate.value - mean) < 1e-12)
    #expect(abs(estimate.low - (mean - quantile * error)) < 0.1 * quantile * error)
    #expect(abs(estimate.high - (mean + quantile * error)) < 0.1 * quantile * error)
  }

  @Test("covers the true value as often as its level says") func coverage() {
    let covered = (0..<300).count { seed in
      let estimate = Bootstrap(replicates: 300).mean(Self.numbers(60, seed: UInt64(seed)))
      return (estimate?.low ?? 1) <= 0.5 && (estimate?.high ?? 0) >= 0.5
    }
    #expect((270...297).contains(covered))
  }

  @Test("depends only on the seed") func seed() {
    let numbers = Self.numbers(30, seed: 9)
    #expect(Bootstrap(seed: 4).mean(numbers) == Bootstrap(seed: 4).mean(numbers))
    #expect(Bootstrap(seed: 4).mean(numbers) != Bootstrap(seed: 5).mean(numbers))
    #expect(Bootstrap().mean([]) == nil)
    #expect(Bootstrap().mean([3]) == Estimate(value: 3, low: 3, high: 3))
  }

  @Test("quantiles interpolate between neighbors") func quantiles() {
    // numpy.percentile([1, 2, 4, 10], [50, 95])
    let quantiles = Quantiles([10, 1, 4, 2])
    #expect(quantiles?.mean == 4.25 && quantiles?.median == 3 && quantiles?.largest == 10)
    #expect(abs((quantiles?.percentile95 ?? 0) - 9.1) < 1e-12)
    #expect(Quantiles([]) == nil)
  }
}
