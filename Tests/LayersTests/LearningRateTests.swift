import Layers
import Testing

@Suite struct LearningRateTests {
  let rate = LearningRate(peak: 0.8, finalShare: 0.25, warmUpSteps: 4, steps: 94)

  @Test(arguments: [
    (0, 0.2), (1, 0.4), (3, 0.8),
    // The cosine decay: at its start, after a third, in the middle, at its end and after it.
    (4, 0.8), (34, 0.8 * 0.8125), (49, 0.8 * 0.625), (94, 0.2), (1_000, 0.2),
  ])
  func isLinearThenACosine(step: Int, expected: Double) { #expect(abs(rate(step) - expected) < 1e-12) }

  @Test func needsNoWarmUp() {
    let rate = LearningRate(peak: 1, finalShare: 0, warmUpSteps: 0, steps: 3)
    #expect(abs(rate(0) - 1) < 1e-12)
    #expect(abs(rate(1) - 0.75) < 1e-12)
    #expect(abs(rate(3)) < 1e-12)
  }

  @Test func endsAtOnceWhenAllStepsAreWarmUp() {
    let rate = LearningRate(peak: 1, finalShare: 0.1, warmUpSteps: 2, steps: 2)
    #expect([rate(0), rate(1), rate(2)] == [0.5, 1, 1])
    #expect(abs(rate(3) - 0.1) < 1e-12)
  }
}
