import Tensors
import Testing

@Suite struct GeneratorTests {
  @Test func theSameSeedGivesTheSameNumbers() throws {
    let first = try Generator(seed: 7).normal([50]).floats()
    #expect(try Generator(seed: 7).normal([50]).floats() == first)
    #expect(try Generator(seed: 8).normal([50]).floats() != first)
  }

  /// Uses odd counts and both distributions, so that losing a cached second normal number would be noticed.
  @Test func aRestoredStateContinuesExactly() throws {
    let generator = try Generator(seed: 3)
    _ = try generator.normal([7])
    _ = try generator.uniform([5])
    let state = try generator.state()
    func draw(_ generator: Generator) throws -> [Float] {
      try generator.normal([3]).floats() + generator.uniform([9]).floats() + generator.normal([21]).floats()
    }
    let expected = try draw(generator)
    let other = try Generator(seed: 99)
    try other.restore(state)
    #expect(try draw(other) == expected)
    try generator.restore(state)
    #expect(try draw(generator) == expected)
  }

  @Test func refusesAStateOfAnotherLength() throws {
    let generator = try Generator(seed: 1)
    let state = try generator.state()
    #expect(throws: TensorError.self) { try generator.restore(Array(state.dropLast())) }
    #expect(throws: TensorError.self) { try generator.restore([]) }
    try generator.restore(state)
  }

  @Test func hasTheMomentsOfItsDistributions() throws {
    let generator = try Generator(seed: 5)
    let count = 100_000
    let normal = try generator.normal([count])
    let uniform = try generator.uniform([count])
    // Means are within four standard errors.
    #expect(abs(try normal.mean().item()) < 4 / Double(count).squareRoot())
    #expect(abs(try normal.squared().mean().item() - 1) < 4 * (2 / Double(count)).squareRoot())
    #expect(abs(try normal.power(4).mean().item() - 3) < 4 * (96 / Double(count)).squareRoot())
    #expect(abs(try uniform.mean().item() - 0.5) < 4 * (1 / 12 / Double(count)).squareRoot())
    let gumbel = try generator.gumbel([count])
    #expect(abs(try gumbel.mean().item() - 0.577_216) < 4 * (1.645 / Double(count)).squareRoot())
    #expect(try uniform.smallest().item() >= 0)
    #expect(try uniform.largest().item() < 1)
  }

  /// The frequencies are within four standard errors.
  @Test func gumbelNoiseSamplesTheSoftmax() throws {
    let logits = try Tensor([0, 1, -1, 2] as [Float], [4])
    let noise = try Generator(seed: 6).gumbel([50_000, 4])
    #expect(try noise.isFinite())
    let found = try (logits + noise).argmax().oneHot(4).mean(0).doubles()
    for (found, share) in zip(found, try logits.softmax().doubles()) {
      #expect(abs(found - share) < 4 * (share * (1 - share) / 50_000).squareRoot())
    }
  }
}
