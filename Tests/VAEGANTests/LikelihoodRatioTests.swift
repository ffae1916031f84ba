import Layers
import Tensors
import Testing
import VAEGAN

struct LikelihoodRatioTests {
  /// At the initial model both sides have a ratio of 0, and the cross-entropy of a discriminator that knows nothing.
  @Test func theInitialModelKnowsNothing() throws {
    let zero = try Tensor.zeros([3])
    let loss = try LikelihoodRatio.loss(real: zero, fake: zero, scale: 0.7).item()
    #expect(abs(loss - 1.386294361) < 1e-6)
  }

  /// The loss falls with the ratio of real music and rises with that of takes, and takes that are already improbable count less.
  @Test func theGradientIsThatOfADiscriminator() throws {
    let real = try Tensor([Float(0), 8], [2]).requireGradient()
    let fake = try Tensor([Float(0), -8], [2]).requireGradient()
    let loss = try LikelihoodRatio.loss(real: real, fake: fake, scale: 0.5)
    let gradients = try Gradients.of(loss, by: [real, fake]).map { try #require(try $0?.floats()) }
    // ∓scale · (1 − D) / 2, with D = 1 / (1 + exp(∓scale · ratio)).
    let (even, sure) = (Float(0.125), Float(0.25 / (1 + 54.59815)))
    for (side, sign) in [(0, Float(-1)), (1, 1)] {
      #expect(abs(gradients[side][0] - sign * even) < 1e-6 && abs(gradients[side][1] - sign * sure) < 1e-6)
    }
  }

  /// A model of one of three tokens that was fitted too broadly learns the distribution of real music from its own takes.
  @Test func aModelFindsTheDistributionOfRealMusic() throws {
    try Runtime.setThreadCount(1)
    let target = [0.7, 0.3, 0.0]
    let logits = try Tensor([Float(0), 0, 0], [1, 3]).requireGradient()
    let optimizer = try AdamW([logits], settings: AdamW.Settings(weightDecay: 0))
    // Every token in proportion to its probability: real music by the target, takes by the uniform initial model.
    let real = (0..<10).map { Int64($0 < 7 ? 0 : 1) }
    let fake = (0..<9).map { Int64($0 % 3) }
    func ratios(_ tokens: [Int64]) throws -> Tensor {
      let rows = try Tensor.concatenate(Array(repeating: logits, count: tokens.count), 0)
      let nats = try rows.crossEntropy(Tensor(tokens, [tokens.count]), ignoring: -1)
      return try nats * -1 + 1.0986123  // log 3
    }
    for _ in 0..<400 {
      try optimizer.clearGradients()
      try LikelihoodRatio.loss(real: ratios(real), fake: ratios(fake), scale: 1).backward()
      try optimizer.step(learningRate: 0.05)
    }
    let values = try logits.softmax(-1).doubles()
    for (value, expected) in zip(values, target) { #expect(abs(value - expected) < 0.02, "\(values)") }
  }
}
