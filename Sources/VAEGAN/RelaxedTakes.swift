internal import Layers
internal import ModelFormat
internal import MusicFeatures
internal import MusicTokens
package import Tensors

/// Takes whose tokens are one-hot in value and have the gradient of a distribution (straight-through Gumbel-softmax,
/// Jang 2017), so that the gradient of a critic reaches every parameter of the generator.
package struct RelaxedTakes {
  /// [b, n, 774].
  package let tokens: Tensor
  /// The `KeyPlanes` before the first token and after each: [b, n + 1, 390].
  package let planes: Tensor

  package init(tokens: Tensor, planes: Tensor) { (self.tokens, self.planes) = (tokens, planes) }

  /// The sampled tokens of each take.
  package var ids: [[UInt16]] {
    get throws(TensorError) {
      let ids = try tokens.argmax().integers().map { UInt16($0) }
      let length = tokens.shape[1]
      return stride(from: 0, to: ids.count, by: length).map { Array(ids[$0..<$0 + length]) }
    }
  }
}

extension Tensor {
  /// The same values with the gradient multiplied by a factor.
  fileprivate func scalingGradient(by factor: Double) throws(TensorError) -> Tensor {
    try factor > 0 ? (self * factor).straightThrough(self) : detached()
  }
}

extension VAE {
  /// Samples the beginnings of takes, without a prompt and without their ends.
  ///
  /// Tokens are exact samples of the model at temperature 1, except that notes that sound cannot start, and notes that
  /// do not sound cannot end. Gradients flow through the choice of each token, to a part through its consequences for
  /// later tokens, and through the latents (see `sampleLatents`).
  ///
  /// - Parameters:
  ///   - length: the number of tokens, at most a window.
  ///   - latents: those of at least as many positions; nil for a plain decoder.
  ///   - temperature: that of the distributions whose gradients tokens have; lower ones are nearer to the samples,
  ///     with gradients of larger variance.
  ///   - feedback: the factor of the gradients of later tokens with respect to earlier ones. With 1 gradients grow
  ///     exponentially with the length (Pascanu 2013); with 0 each token has the gradient of its own logits only.
  /// - Complexity: O(length) sequential steps; memory is quadratic in the length.
  package func relaxedTakes(
    _ count: Int, length: Int, latents: Latents?, temperature: Double, feedback: Double, using generator: Generator
  ) throws(TensorError) -> RelaxedTakes {
    let device = parameters.device
    let segment = configuration.latents?.localLength ?? length
    let latents = try latents?.concatenated()
    var keyboard = try SoftKeyboard(Array(repeating: KeyboardState(), count: count), on: device)
    var cache = decoder.emptyCache
    let begin = try Tensor(
      Array(repeating: Int64(Configuration.Vocabulary.bos), count: count), [count, 1], on: device)
    var input = try embedding.embedding(begin) * Double(configuration.width).squareRoot()  // [b, 1, d]
    var (tokens, planes) = ([Tensor](), [try keyboard.planes().unsqueezed(1)])
    let table = try embedding.slice(0, 0..<Int(Token.count))
    for position in 0..<length {
      let place = position / segment
      let known = try planes[position].scalingGradient(by: feedback)
      let hidden = try decoder.next(
        input + self.planes.decoder(known), latents: latents?.slice(1, place..<place + 1), after: &cache)
      let logits = try logits(hidden, planes: known).slice(2, 0..<Int(Token.count))
        .reshaped([count, Int(Token.count)])
      let sounding = try keyboard.sounding.detached()
      let masked = try logits + Self.ungrammatical(sounding) * -1e9
      let perturbed = try masked + generator.gumbel(masked.shape, on: device)
      let hard = try perturbed.argmax(1).oneHot(Int(Token.count))
      let token = try (perturbed / temperature).softmax().straightThrough(hard)
      keyboard = try keyboard.after(token)
      tokens.append(token)
      planes.append(try keyboard.planes().unsqueezed(1))
      input =
        try token.scalingGradient(by: feedback).matmul(table).unsqueezed(1)
        * Double(configuration.width).squareRoot()
    }
    return RelaxedTakes(tokens: try .stack(tokens, 1), planes: try .concatenate(planes, 1))
  }

  /// 1 for the starts of keys that sound and the ends of keys that do not: [b, 128] → [b, 774].
  private static func ungrammatical(_ sounding: Tensor) throws(TensorError) -> Tensor {
    try Tensor.concatenate([sounding, 1 - sounding], 1).padded(before: 0, after: Int(Token.count) - 256)
  }

  /// Draws the latents of the beginnings of sequences from the prior, each given those before it, with gradients for the
  /// prior (reparameterized, Kingma & Welling 2014); nil without latents.
  ///
  /// - Parameter length: the number of positions.
  package func sampleLatents(_ count: Int, length: Int, using generator: Generator) throws(TensorError) -> Latents? {
    guard let prior, let shape = configuration.latents else { return nil }
    let device = parameters.device
    func segments(_ size: Int) -> Int { (length + size - 1) / size }
    let counts = PerLevel(
      global: segments(shape.windowLength), phrase: segments(shape.phraseLength), local: segments(shape.localLength))
    var sampled = PerLevel<[Tensor]>(global: [], phrase: [], local: [])
    // Latents that are not drawn yet are 0; the plan, which is causal, does not use them.
    func latents() throws(TensorError) -> Latents {
      try PerLevel { level throws(TensorError) in
        let missing = [count, counts[level] - sampled[level].count, shape.dimensions(of: level)]
        return try .concatenate(sampled[level] + [.zeros(missing, on: device)], 1)
      }
    }
    func draw(_ level: Configuration.Level) throws(TensorError) {
      let known = try latents()
      let index = sampled[level].count
      let planned = try prior.plan(known)[level]
      let output =
        switch level {
        case .global: planned
        case .phrase: try prior.phrase(known.global, count: counts.phrase) + planned
        case .local: try prior.local(known.phrase, count: counts.local) + planned
        }
      let gaussian = try Gaussian(output: output.slice(1, index..<index + 1))
      sampled[level].append(try gaussian.sample(generator.normal(gaussian.mean.shape, on: device)))
    }
    for local in 0..<counts.local {
      let position = local * shape.localLength
      if position == 0 {
        let first = try prior.global.sample(count, dimensions: shape.global, using: generator, on: device)
        sampled.global.append(try first.unsqueezed(1))
      } else if position % shape.windowLength == 0 {
        try draw(.global)
      }
      if position % shape.phraseLength == 0 { try draw(.phrase) }
      try draw(.local)
    }
    return try latents()
  }
}
