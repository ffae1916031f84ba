internal import Inference
internal import ModelFormat
internal import Tensors
internal import VAEGAN

// The logits [tokens, 775] with which each token of a sequence, however long, is predicted.
extension Engines {
  /// By the native engine, a step at a time.
  func nativeLogits(_ tokens: [Int], _ latents: Inference.Latents?) -> [Float] {
    let state = DecoderState(native)
    if let latents { state.use(latents) }
    return ([Configuration.Vocabulary.bos] + tokens.dropLast()).flatMap { Array(state.step($0)) }
  }

  /// By libtorch, all at once.
  func referenceLogits(_ tokens: [Int], _ latents: VAEGAN.Latents?) throws -> [Float] {
    let batch = try Batch([tokens.map { UInt16($0) }], multiple: reference.lengthMultiple)
    let logits = try Gradients.unrecorded { try reference.logits(batch, latents: latents) }
    return Array(try logits.floats().prefix(tokens.count * Configuration.Vocabulary.logitCount))
  }

  /// What the native engine finds most probable, step by step from the start of a piece. EOS does not end it.
  func greedyTokens(_ count: Int, _ latents: Inference.Latents?) -> [Int] {
    let state = DecoderState(native)
    if let latents { state.use(latents) }
    var token = Configuration.Vocabulary.bos
    return (0..<count).map { _ in
      let choice = mostProbable(state.step(token))
      token = choice == Configuration.Vocabulary.eosLogit ? Configuration.Vocabulary.eos : choice
      return token
    }
  }

  /// The latents for libtorch, for `length` positions: what comes after the window keeps those of its last segment.
  func tensors(_ latents: Inference.Latents, length: Int) throws -> VAEGAN.Latents? {
    guard let shape = configuration.latents else { return nil }
    func level(_ rows: [[Float]], segment: Int, dimensions: Int) throws -> Tensor {
      let count = (length + shape.phraseLength - 1) / shape.phraseLength * shape.phraseLength / segment
      let last = configuration.window / segment - 1
      let zero = [Float](repeating: 0, count: dimensions)
      let numbers = (0..<count).flatMap { min($0, last) < rows.count ? rows[min($0, last)] : zero }
      return try Tensor(numbers, [1, count, dimensions])
    }
    return VAEGAN.Latents(
      global: try Tensor(latents.global, [1, 1, shape.global]),
      phrase: try level(latents.phrases, segment: shape.phraseLength, dimensions: shape.phrase),
      local: try level(latents.locals, segment: shape.localLength, dimensions: shape.local))
  }
}

/// The index of the largest number, the first of equal ones.
func mostProbable(_ logits: some RandomAccessCollection<Float>) -> Int {
  let best = logits.indices.reduce(logits.startIndex) { logits[$1] > logits[$0] ? $1 : $0 }
  return logits.distance(from: logits.startIndex, to: best)
}
