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
