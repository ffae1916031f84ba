internal import Inference
internal import ModelFormat
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

// The logits [tokens, 775] that predict each token of a sequence of any length.
extension Engines {
  /// The logits of the native engine, one step at a time.
  ///
  /// - Parameter latents: the latents of each latent window; later tokens keep those of the last segment.
  func nativeLogits(_ window: TokenWindow, _ latents: [Inference.Latents]) -> [Float] {
    let state = DecoderState(native)
    state.reset(window.start)
    state.chart = window.chart
    let inputs = [Configuration.Vocabulary.bos] + window.tokens.dropLast().map(Int.init)
    return inputs.flatMap { token in
      useLatents(latents, in: state)
      return Array(state.step(token))
    }
  }

  /// The logits of libtorch, all at once.
  func referenceLogits(_ window: TokenWindow, _ latents: VAEGAN.Latents?) throws -> [Float] {
    let batch = try Batch([window], multiple: reference.lengthMultiple)
    let logits = try Gradients.unrecorded { try reference.logits(batch, latents: latents) }
    return Array(try logits.floats().prefix(window.tokens.count * Configuration.Vocabulary.logitCount))
  }

  /// The native engine's greedy decoding from the start of a piece. EOS does not end it.
  func greedyTokens(_ count: Int, _ latents: [Inference.Latents]) -> [Int] {
    let state = DecoderState(native)
    var token = Configuration.Vocabulary.bos
    return (0..<count).map { _ in
      useLatents(latents, in: state)
      let choice = mostProbable(state.step(token))
      token = choice == Configuration.Vocabulary.eosLogit ? Configuration.Vocabulary.eos : choice
      return token
    }
  }

  /// Applies the latents of the window that begins at the state's position, if one does.
  private func useLatents(_ latents: [Inference.Latents], in state: DecoderState) {
    guard let length = configuration.latents?.windowLength, state.position.isMultiple(of: length),
      case let index = state.position / length, index < latents.count
    else { return }
    state.use(latents[index])
  }

  /// The latents for libtorch, for `length` positions: missing ones are zero, and later positions keep those of the
  /// last segment.
  func tensors(_ latents: [Inference.Latents], length: Int) throws -> VAEGAN.Latents? {
    guard let shape = configuration.latents else { return nil }
    let windows = (length + shape.windowLength - 1) / shape.windowLength
    func level(_ level: Configuration.Level, _ rows: (Inference.Latents) -> [[Float]]) throws -> Tensor {
      let perWindow = PerLevel(
        global: 1, phrase: shape.phrasesPerWindow, local: shape.phrasesPerWindow * shape.localsPerPhrase)
      let (count, width) = (perWindow[level], shape.dimensions(of: level))
      let numbers = (0..<windows * count).flatMap { index in
        let place = min(index, latents.count * count - 1)
        let rows = rows(latents[place / count])
        return place % count < rows.count ? rows[place % count] : [Float](repeating: 0, count: width)
      }
      return try Tensor(numbers, [1, windows * count, width])
    }
    return VAEGAN.Latents(
      global: try level(.global) { [$0.global] }, phrase: try level(.phrase, \.phrases),
      local: try level(.local, \.locals))
  }
}

/// The index of the largest value; the first of equal ones.
func mostProbable(_ logits: some RandomAccessCollection<Float>) -> Int {
  let best = logits.indices.reduce(logits.startIndex) { logits[$1] > logits[$0] ? $1 : $0 }
  return logits.distance(from: logits.startIndex, to: best)
}
