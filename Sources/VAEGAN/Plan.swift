internal import Layers
package import ModelFormat
package import Tensors

/// The plan: a small causal Transformer over the latents in their order, which conditions each latent on those before
/// it. Its outputs are added to those of the Gaussians that are conditioned on the parent alone.
///
/// The latents of a latent window are ordered: the global one, then each phrase followed by its local ones; then the
/// next window. Outputs are initialized to zero, so that training starts from the prior without a plan.
package struct Plan {
  private let shape: Configuration.Latents
  private let start: Tensor
  /// The slot embeddings: which latent of a window is predicted, [slots, width].
  private let slots: Tensor
  private let inputs: PerLevel<Linear>
  private let outputs: PerLevel<Linear>
  private let blocks: [Block]
  private let norm: RMSNorm
  private let rotary: RotaryPositions

  init(_ scope: Scope, _ shape: Configuration.Latents) throws(TensorError) {
    self.shape = shape
    let plan = shape.plan
    start = try scope.parameter("start", [plan.width], .normal(1))
    slots = try scope.parameter("slots", [shape.slotsPerWindow, plan.width], .normal(1))
    blocks = try (0..<plan.layers).map { layer throws(TensorError) in
      try Block(
        scope["blocks"][layer], width: plan.width, heads: plan.heads, inner: plan.feedForward, depth: plan.layers)
    }
    norm = try RMSNorm(scope["norm"], plan.width)
    inputs = try PerLevel { level throws(TensorError) in
      try Linear(scope[level]["input"], shape.dimensions(of: level), plan.width)
    }
    outputs = try PerLevel { level throws(TensorError) in
      try Linear(scope[level]["output"], plan.width, 2 * shape.dimensions(of: level), gain: 0)
    }
    rotary = try RotaryPositions(
      positions: plan.windows * shape.slotsPerWindow, headWidth: plan.width / plan.heads, on: scope.device)
  }

  /// The term added to the output of each latent's Gaussian, from the latents before it: [b, segments, 2 · dimensions].
  ///
  /// - Precondition: There are at most as many latent windows as the context of the plan.
  package func callAsFunction(_ latents: Latents) throws(TensorError) -> PerLevel<Tensor> {
    let (batch, windows) = (latents.global.shape[0], latents.global.shape[1])
    let there = latents.map { $0.shape[1] }
    let latents = try whole(latents)
    let (phrases, locals) = (shape.phrasesPerWindow, shape.localsPerPhrase)
    let width = slots.shape[1]
    let embedded = try PerLevel { level throws(TensorError) in
      try inputs[level](latents[level]).converted(to: .float32)
    }
    // In the order of the latents: [b, w, phrases, 1 + locals, width], then with the global one prepended.
    let inPhrases = try Tensor.concatenate(
      [
        embedded.phrase.reshaped([batch, windows, phrases, 1, width]),
        embedded.local.reshaped([batch, windows, phrases, locals, width]),
      ], 3)
    let inWindows = try Tensor.concatenate(
      [
        embedded.global.reshaped([batch, windows, 1, width]),
        inPhrases.reshaped([batch, windows, phrases * (1 + locals), width]),
      ], 2)
    let count = windows * shape.slotsPerWindow
    let seen = try Tensor.concatenate(
      [
        start.reshaped([1, 1, width]).expanded([batch, 1, width]),
        inWindows.reshaped([batch, count, width]).slice(1, 0..<count - 1),
      ], 1)  // [b, count, width]
    var hidden = try (seen.reshaped([batch, windows, shape.slotsPerWindow, width]) + slots)
      .reshaped([batch, count, width])
    for block in blocks { hidden = try block(hidden, rotary: rotary, causal: true) }
    hidden = try norm(hidden).reshaped([batch, windows, shape.slotsPerWindow, width])
    let ofPhrases = try hidden.slice(2, 1..<shape.slotsPerWindow)
      .reshaped([batch, windows * phrases, 1 + locals, width])
    let all = PerLevel(
      global: try output(.global, hidden.slice(2, 0..<1).reshaped([batch, windows, width])),
      phrase: try output(.phrase, ofPhrases.slice(2, 0..<1).reshaped([batch, windows * phrases, width])),
      local: try output(
        .local, ofPhrases.slice(2, 1..<1 + locals).reshaped([batch, windows * phrases * locals, width])))
    return try PerLevel { level throws(TensorError) in try all[level].slice(1, 0..<there[level]) }
  }

  /// The latents, padded with zeros to whole latent windows.
  private func whole(_ latents: Latents) throws(TensorError) -> Latents {
    let windows = latents.global.shape[1]
    let counts = PerLevel(
      global: windows, phrase: windows * shape.phrasesPerWindow,
      local: windows * shape.phrasesPerWindow * shape.localsPerPhrase)
    return try PerLevel { level throws(TensorError) in
      let (x, missing) = (latents[level], counts[level] - latents[level].shape[1])
      guard missing > 0 else { return x }
      let zeros = try Tensor.zeros([x.shape[0], missing, x.shape[2]], on: x.device)
      return try .concatenate([x, zeros], 1)
    }
  }

  private func output(_ level: Configuration.Level, _ hidden: Tensor) throws(TensorError) -> Tensor {
    try outputs[level](hidden).converted(to: .float32)
  }
}
