internal import Layers
package import Tensors

/// A logistic regression with an L2 penalty on standardized features.
package struct LogisticRegression {
  private let features: Tensor
  private let signs: Tensor
  private let mean: [Float]
  private let deviation: [Float]

  /// The log odds of the class of real music as a linear function.
  package struct Line: Hashable, Sendable {
    package var weights: [Float]
    package var bias: Float

    package func callAsFunction(_ features: [Float]) -> Float {
      zip(features, weights).reduce(bias) { $0 + $1.0 * $1.1 }
    }
  }

  /// - Parameters:
  ///   - examples: the features of each example.
  ///   - areReal: its class.
  /// - Precondition: There is an example.
  package init(_ examples: [[Float]], areReal: [Bool]) throws(TensorError) {
    precondition(!examples.isEmpty, "a regression needs examples")
    let count = examples[0].count
    let raw = try Tensor(examples.flatMap(\.self), [examples.count, count])
    let mean = try raw.mean(0, keeping: true)
    let deviation = try ((raw - mean).squared().mean(0, keeping: true) + 1e-8).squareRoot()
    features = try (raw - mean) / deviation
    signs = try Tensor(areReal.map { $0 ? Float(1) : -1 }, [examples.count, 1])
    self.mean = try mean.floats()
    self.deviation = try deviation.floats()
  }

  /// Minimizes the mean cross-entropy plus `penalty` / 2 times the squared norm of the weights. O(400 · features ·
  /// examples).
  package func fit(penalty: Double) throws(TensorError) -> Line {
    let weight = try Tensor.zeros([1, mean.count], name: "weight").requireGradient()
    let bias = try Tensor.zeros([1], name: "bias").requireGradient()
    let optimizer = try AdamW([weight, bias], settings: AdamW.Settings(beta2: 0.99, weightDecay: 0))
    let (steps, rate) = (400, LearningRate(peak: 0.02, finalShare: 0.01, warmUpSteps: 1, steps: 400))
    for step in 0..<steps {
      try optimizer.clearGradients()
      let logits = try features.linear(weight, bias: bias)
      let loss = try (logits * signs * -1).softplus().mean(0, 1) + weight.squared().sum(0, 1) * (penalty / 2)
      try loss.backward()
      try optimizer.step(learningRate: rate(step))
    }
    let scaled = try zip(weight.floats(), deviation).map { $0 / $1 }
    let shift = zip(scaled, mean).reduce(0) { $0 + $1.0 * $1.1 }
    return Line(weights: scaled, bias: Float(try bias.item()) - shift)
  }
}
