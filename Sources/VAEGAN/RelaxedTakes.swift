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

extension VAE {
  /// Samples the beginnings of takes, without a prompt and without their ends.
  ///
  /// Tokens are exact samples of the model at temperature 1, except that notes that sound cannot start, and notes that
  /// do not sound cannot end. Gradients flow through the choice of each token, what follows from it, and the latents
  /// (see `sampleLatents`).
  ///
  /// - Parameters:
  ///   - length: the number of tokens, at most a window.
  ///   - latents: those of at least as many positions; nil for a plain decoder.
  ///   - temperature: that of the distributions whose gradients tokens have; lower ones are nearer to the samples,
  ///     with gradients of larger variance.
  /// - Complexity: O(length) sequential steps; memory is quadratic in the length.
  package func relaxedTakes(
    _ count: Int, length: Int, latents: Latents?, temperature: Double, using generator: Generator
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
      let hidden = try decoder.next(
        input + self.planes.decoder(planes[position]), latents: latents?.slice(1, place..<place + 1), after: &cache)
      let logits = try logits(hidden, planes: planes[position]).slice(2, 0..<Int(Token.count))
        .reshaped([count, Int(Token.count)])
      let sounding = try keyboard.sounding.detached()
      let masked = try logits + Self.ungrammatical(sounding) * -1e9
      let perturbed = try masked + generator.gumbel(masked.shape, on: device)
      let hard = try perturbed.argmax(1).oneHot(Int(Token.count))
      let token = try (perturbed / temperature).softmax().straightThrough(hard)
      keyboard = try keyboard.after(token)
      tokens.append(token)
      planes.append(try keyboard.planes().unsqueezed(1))
      input = try token.matmul(table).unsqueezed(1) * Double(configuration.width).squareRoot()
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
  /// - Parameter length: the number of positions, at most a latent window.
  package func sampleLatents(_ count: Int, length: Int, using generator: Generator) throws(TensorError) -> Latents? {
    guard let prior, let shape = configuration.latents else { return nil }
    let device = parameters.device
    let locals = (length + shape.localLength - 1) / shape.localLength
    let phrases = (locals + shape.localsPerPhrase - 1) / shape.localsPerPhrase
    let global = try prior.global.sample(count, dimensions: shape.global, using: generator, on: device).unsqueezed(1)
    // Latents that are not drawn yet are 0; the plan, which is causal, does not use them.
    var sampled: (phrase: [Tensor], local: [Tensor]) = ([], [])
    func padded(_ drawn: [Tensor], to number: Int, _ dimensions: Int) throws(TensorError) -> Tensor {
      try .concatenate(drawn + [.zeros([count, number - drawn.count, dimensions], on: device)], 1)
    }
    func latents() throws(TensorError) -> Latents {
      Latents(
        global: global, phrase: try padded(sampled.phrase, to: phrases, shape.phrase),
        local: try padded(sampled.local, to: phrases * shape.localsPerPhrase, shape.local))
    }
    func draw(_ output: Tensor, _ planned: Tensor, _ index: Int) throws(TensorError) -> Tensor {
      let gaussian = try Gaussian(output: (output + planned).slice(1, index..<index + 1))
      return try gaussian.sample(generator.normal(gaussian.mean.shape, on: device))
    }
    for phrase in 0..<phrases {
      var now = try latents()
      sampled.phrase.append(try draw(prior.phrase(global, count: phrases), prior.plan(now).phrase, phrase))
      for local in phrase * shape.localsPerPhrase..<min(locals, (phrase + 1) * shape.localsPerPhrase) {
        now = try latents()
        let outputs = try prior.local(now.phrase, count: now.local.shape[1])
        sampled.local.append(try draw(outputs, prior.plan(now).local, local))
      }
    }
    return try latents()
  }
}
