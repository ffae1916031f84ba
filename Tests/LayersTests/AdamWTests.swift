import Layers
import Tensors
import Testing

@Suite struct AdamWTests {
  /// Algorithm 2 of the AdamW paper (Loshchilov & Hutter 2019) for one number.
  struct Reference {
    var value: Double
    var settings: AdamW.Settings
    var first = 0.0
    var second = 0.0
    var correction = (1.0, 1.0)

    mutating func step(gradient: Double, learningRate: Double, decays: Bool) {
      first = settings.beta1 * first + (1 - settings.beta1) * gradient
      second = settings.beta2 * second + (1 - settings.beta2) * gradient * gradient
      correction = (correction.0 * settings.beta1, correction.1 * settings.beta2)
      let unbiased = (first / (1 - correction.0), second / (1 - correction.1))
      if decays { value -= learningRate * settings.weightDecay * value }
      value -= learningRate * unbiased.0 / (unbiased.1.squareRoot() + settings.epsilon)
    }
  }

  /// Gradients that differ in size and sign between steps: dL/dw = c w for the loss c w² / 2.
  @Test(arguments: [
    AdamW.Settings(),
    AdamW.Settings(beta1: 0.5, beta2: 0.9, epsilon: 0.1, weightDecay: 0.5),
    AdamW.Settings(weightDecay: 0),
  ])
  func followsTheReference(settings: AdamW.Settings) throws {
    let matrix = try Tensor([0.5, -2] as [Float], [1, 2], name: "matrix").requireGradient()
    let vector = try Tensor([0.5, -2] as [Float], [2], name: "vector").requireGradient()
    let optimizer = try AdamW([matrix, vector], settings: settings)
    var expected = [0.5, -2, 0.5, -2].map { Reference(value: $0, settings: settings) }
    for (index, factor) in [1, -3, 0.2, 10, 0, 5].enumerated() {
      let rate = 0.1 / Double(index + 1)
      try optimizer.clearGradients()
      try ((matrix.squared().sum() + vector.squared().sum()) * (factor / 2)).backward()
      try optimizer.step(learningRate: rate)
      for place in expected.indices {
        let gradient = factor * expected[place].value
        expected[place].step(gradient: gradient, learningRate: rate, decays: place < 2)
      }
      let found = try matrix.doubles() + vector.doubles()
      for (found, expected) in zip(found, expected) { #expect(abs(found - expected.value) < 2e-5) }
    }
    #expect(optimizer.step == 6)
  }

  /// The singular values of the update are near 1 whatever those of the matrix are, and its singular vectors are the same.
  @Test(arguments: [[6, 12], [4, 20], [20, 4]])
  func orthogonalizesMatrices(shape: [Int]) throws {
    let matrix = try Generator(seed: 3).normal(shape) * 7
    let orthogonal = try matrix.orthogonalized()
    #expect(try orthogonal.singularValues().floats().allSatisfy { (0.5...1.3).contains($0) })
    // Uᵀ (U S Vᵀ) V is symmetric in both products.
    let product = try matrix.transposed().matmul(orthogonal)
    let asymmetry = try (product - product.transposed()).magnitude().floats().max() ?? .infinity
    #expect(try asymmetry < 1e-3 * (product.magnitude().floats().max() ?? 0))
  }

  /// Muon updates the matrices of blocks, with steps of the size of AdamW's in any direction, and nothing else.
  @Test func muonUpdatesTheMatricesOfBlocks() throws {
    func changes(usesMuon: Bool) throws -> [[Float]] {
      let parameters = try ["blocks.0.weight", "embedding.weight"].map { name in
        try Tensor.zeros([16, 32], name: name).requireGradient()
      }
      let vector = try Tensor.zeros([16], name: "blocks.0.norm.weight").requireGradient()
      let optimizer = try AdamW(parameters + [vector], settings: AdamW.Settings(usesMuon: usesMuon))
      let gradient = try Generator(seed: 5).normal([16, 32])
      let loss = try (parameters[0] * gradient + parameters[1] * gradient).sum() + vector.sum()
      try loss.backward()
      try optimizer.step(learningRate: 0.01)
      return try (parameters + [vector]).map { try $0.floats() }
    }
    let (muon, adam) = (try changes(usesMuon: true), try changes(usesMuon: false))
    #expect(muon[0] != adam[0] && muon[1] == adam[1] && muon[2] == adam[2])
    let size = (muon[0].reduce(0) { $0 + $1 * $1 } / Float(muon[0].count)).squareRoot()
    // Orthonormal rows: 0.2 √32 · lr · √(16 / 512).
    #expect(abs(size - 0.002) < 0.0006, "\(size)")
  }

  @Test func leavesParametersWithoutGradients() throws {
    let used = try Tensor.ones([2, 2], name: "used").requireGradient()
    let unused = try Tensor.ones([2, 2], name: "unused").requireGradient()
    let optimizer = try AdamW([used, unused])
    try used.sum().backward()
    try optimizer.step(learningRate: 0.1)
    #expect(try unused.floats() == [1, 1, 1, 1])
    #expect(try used.floats() != [1, 1, 1, 1])
    #expect(optimizer.firstMoments.map(\.name) == ["first moment of used", "first moment of unused"])
  }
}
