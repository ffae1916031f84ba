import Layers
import Tensors
import Testing

@Suite struct MeanNormalizationTests {
  /// Rows 1, 2, 3 and 6, the last of which is padding: mean 2, variance 2/3.
  @Test func keepsRunningStatistics() throws {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 1))
    let normalization = try MeanNormalization(parameters.scope, 1)
    let x = try Tensor([1, 2, 3, 6] as [Float], [2, 2, 1])
    let weights = try Tensor([1, 1, 1, 0] as [Float], [2, 2, 1])
    var expected = (mean: 0.0, variance: 1.0)
    for _ in 0..<3 {
      _ = try normalization(x, weights: weights, training: true)
      expected = (0.9 * expected.mean + 0.1 * 2, 0.9 * expected.variance + 0.1 * 2 / 3)
    }
    let buffers = try parameters.buffers.map { try $0.item() }
    #expect(abs(buffers[0] - expected.mean) < 1e-6 && abs(buffers[1] - expected.variance) < 1e-6)
    let found = try normalization(x, weights: weights, training: false).doubles()
    for (found, value) in zip(found, [1.0, 2, 3, 6]) {
      #expect(abs(found - 0.6 * (value - expected.mean) / (expected.variance + 1e-5).squareRoot()) < 1e-5)
    }
    #expect(try parameters.buffers.map { try $0.item() } == buffers)
  }

  @Test func aBatchOfPaddingAloneIsFinite() throws {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 1))
    let normalization = try MeanNormalization(parameters.scope, 2)
    #expect(try normalization(Tensor.ones([1, 2, 2]), weights: Tensor.zeros([1, 2, 1]), training: true).isFinite())
  }
}
