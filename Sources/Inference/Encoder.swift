internal import CKernels
internal import ModelFormat

/// The weights of the encoder.
struct Encoder: @unchecked Sendable {
  // Sendable: what the pointers point to is written before the encoder exists, and never again.
  private let configuration: Configuration
  private let shape: Configuration.Latents
  private let blocks: [Block]
  private let norm: UnsafePointer<Float>
  private let global: LevelEncoder
  private let phrase: LevelEncoder
  private let local: LevelEncoder
  private let storage: Memory

  init(_ file: ModelFile, _ shape: Configuration.Latents) {
    let weights = WeightLoader(file) { $0.hasPrefix("encoder.") }
    configuration = file.configuration
    self.shape = shape
    blocks = (0..<file.configuration.encoderLayers).map { Block("encoder.blocks.\($0)", from: weights) }
    norm = weights.numbers("encoder.norm.weight")
    global = LevelEncoder(.global, shape, from: weights)
    phrase = LevelEncoder(.phrase, shape, from: weights)
    local = LevelEncoder(.local, shape, from: weights)
    storage = weights.storage
  }

  /// - Precondition: There is a token, and a window has no more.
  func encode(_ tokens: [Int], _ model: Model, _ prior: Prior) -> Posterior {
    let c = configuration
    let count = tokens.count
    precondition((1...c.window).contains(count), "a window has 1…\(c.window) tokens, not \(count)")
    let memory = Memory(
      byteCount: Workspace.byteCount(c, capacity: count, positions: count)
        + AurlCache.byteCount(positions: count, heads: c.heads, headWidth: c.headWidth))
    defer { withExtendedLifetime(memory) {} }
    let space = Workspace(c, capacity: count, positions: count, in: memory)
    let cache = AurlCache(positions: count, heads: c.heads, headWidth: c.headWidth, in: memory)
    hear(tokens, space, cache, model)
    let levels = [(global, c.window), (phrase, shape.phraseLength), (local, shape.localLength)].map { level, length in
      level.gaussians(space, count: count, length: length, cache: cache, model.kernels)
    }
    return Posterior(global: levels[0][0], phrases: levels[1], locals: levels[2], prior: prior)
  }

  /// The hidden states of the tokens, to `space.normalized`.
  private func hear(_ tokens: [Int], _ space: Workspace, _ cache: AurlCache, _ model: Model) {
    let c = configuration
    let count = tokens.count
    for (row, token) in tokens.enumerated() { model.embed(token, into: space.x + row * c.width) }
    model.rotary.fill(space.cosines, space.sines, from: 0, count: count)
    let span = AurlSpan(first: 0, last: Int64(count - 1), advance: 0, window: Int64(count))
    for block in blocks {
      block.apply(space, count: count, position: 0, cache: cache, span: span, model.kernels)
    }
    model.kernels.rmsNorm(space.x, weight: norm, into: space.normalized, width: c.width, count: count)
  }
}
