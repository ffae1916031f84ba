internal import Layers
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// The generator of an adversarial run with its initial state, and what every method of training it needs.
struct Policy {
  let settings: Settings
  let folder: RunFolder
  let model: VAE
  /// The initial model, to which the KL of the policy is limited.
  let start: VAE
  let optimizer: AdamW
  let generator: Generator
  let music: RealMusic

  var device: Device { model.parameters.device }

  /// The tokens of a prompt and of the stretch after it that a critic scores.
  static let windowLength = Cut.context + Cut.length

  /// Accumulates the policy gradient of the takes of each group with the highest and the lowest advantages.
  ///
  /// - Parameters:
  ///   - takes: groups of `adversarial.rollouts` takes.
  ///   - advantages: for each take those of its tokens after the prompt.
  func policyBackward(
    _ takes: [Take], advantages: [[Double]]
  ) throws -> (loss: Double, gradientNorm: Double) {
    let size = settings.adversarial.rollouts
    let kept = stride(from: 0, to: takes.count, by: size).flatMap { first in
      let means = advantages[first..<first + size].map { $0.reduce(0, +) / Double($0.count) }
      return StretchReturns.extremes(means, count: settings.adversarial.group).map { first + $0 }
    }
    let loss = try backward(kept.map { (takes[$0], advantages[$0]) })
    return (loss, try GradientClipping.norm(of: optimizer.parameters))
  }

  /// Accumulates the policy gradient of takes in small batches.
  ///
  /// Latents are drawn from their posterior given the whole take: the gradient of log p(x) is the expectation of the
  /// gradient of log p(x | z) under the posterior of z.
  ///
  /// - Returns: The loss.
  private func backward(_ scored: [(take: Take, advantages: [Double])]) throws -> Double {
    let count = scored.reduce(0) { $0 + $1.advantages.count }
    var loss = 0.0
    for first in stride(from: 0, to: scored.count, by: settings.batch.windows) {
      let part = Array(scored[first..<min(first + settings.batch.windows, scored.count)])
      let batch = try batch(part.map(\.take))
      let nats = try model.reconstruction(batch, latents: latents(batch))
      let value = try PolicyGradient.loss(
        nats: nats, advantages: tensor(of: part.map { ($0.take.promptCount, $0.advantages) }, length: batch.length),
        count: count)
      try (value * settings.adversarial.weight).backward()
      loss += try value.item()
    }
    return loss
  }

  /// The KL of the model from the initial model at the positions of some of its takes, in nats per token.
  func divergence(of takes: [Take]) throws -> Double {
    // Evenly spaced, so that they are of different groups.
    let some = takes.evenlySpaced(settings.batch.windows)
    let batch = try batch(some)
    let sampled = some.map { ($0.promptCount, Array(repeating: 1.0, count: $0.tokens.count - $0.promptCount)) }
    let isSampled = try tensor(of: sampled, length: batch.length)
    return try Gradients.unrecorded { () throws(TensorError) in
      let latents = try latents(batch)
      let (now, initial) = (
        try model.logits(batch, latents: latents).logSoftmax(), try start.logits(batch, latents: latents).logSoftmax()
      )
      let change = try (now.exp() * (now - initial)).sum(2)
      return try (change * isSampled).sum().item() / Double(sampled.reduce(0) { $0 + $1.1.count })
    }
  }

  // MARK: Batches

  private func batch(_ takes: [Take]) throws(TensorError) -> Batch {
    try batch(takes.map { TokenWindow(tokens: $0.tokens) })
  }

  func batch(_ windows: [TokenWindow]) throws(TensorError) -> Batch {
    try Batch(windows, multiple: model.lengthMultiple, on: device)
  }

  func latents(_ batch: Batch) throws(TensorError) -> Latents? {
    try Gradients.unrecorded { () throws(TensorError) in
      try model.infer(batch, using: generator, training: false)?.latents
    }
  }

  /// A value of each sampled token, 0 elsewhere: [b, n].
  ///
  /// - Parameter rows: for each take the tokens of its prompt, and the values of the tokens after it.
  func tensor(of rows: [(promptCount: Int, values: [Double])], length: Int) throws(TensorError) -> Tensor {
    var values = Array(repeating: Float(0), count: rows.count * length)
    for (row, (promptCount, ofTokens)) in rows.enumerated() {
      for (index, value) in ofTokens.enumerated() { values[row * length + promptCount + index] = Float(value) }
    }
    return try Tensor(values, [rows.count, length], on: device, name: "values of tokens")
  }
}
