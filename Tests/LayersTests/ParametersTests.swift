import Layers
import Tensors
import Testing

@Suite struct ParametersTests {
  @Test func namesArePathsInTheOrderOfCreation() throws {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 1))
    _ = try Block(parameters.scope["blocks"][0], width: 8, heads: 2, inner: 12, depth: 1)
    _ = try MeanNormalization(parameters.scope["normalization"], 3)
    let made = parameters.parameters.map { ($0.name ?? "", $0.shape) }
    #expect(
      made.map(\.0) == [
        "blocks.0.attention.norm.weight", "blocks.0.attention.qkv.weight", "blocks.0.attention.output.weight",
        "blocks.0.feedForward.norm.weight", "blocks.0.feedForward.up.weight", "blocks.0.feedForward.down.weight",
        "normalization.bias",
      ])
    #expect(made.map(\.1) == [[8], [24, 8], [8, 8], [8], [12, 8], [8, 12], [3]])
    #expect(parameters.parameters.allSatisfy { $0.requiresGradient })
    #expect(parameters.buffers.map(\.name) == ["normalization.mean", "normalization.variance"])
    #expect(!parameters.buffers.contains { $0.requiresGradient })
    #expect(parameters.all.count == 9)
  }

  /// Outputs have the variance of the inputs times the squared gain, within five standard errors.
  @Test(arguments: [1, 0.25]) func linearMapsKeepTheVariance(gain: Double) throws {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 2))
    let weight = try Linear(parameters.scope, 100, 200, gain: gain).weight
    let variance = try weight.squared().mean().item() * 100 / (gain * gain)
    #expect(abs(variance - 1) < 5 * (2.0 / 20_000).squareRoot())
    #expect(abs(try weight.mean().item()) < 5 * gain / 10 / 20_000.squareRoot())
  }

  @Test func constantsAreConstant() throws {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 2))
    #expect(try RMSNorm(parameters.scope, 3).weight.floats() == [1, 1, 1])
    #expect(try Linear(parameters.scope, 3, 2, bias: true).bias?.floats() == [0, 0])
    #expect(try parameters.scope.buffer("b", [2], 0.5).floats() == [0.5, 0.5])
  }
}
