internal import CKernels
internal import ModelFormat
internal import MusicFeatures

/// The weights of the encoder.
struct Encoder: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the encoder exists.
  private let window: Int
  private let block: BlockShape
  private let inputs: Int
  private let shape: Configuration.Latents
  private let planes: AurlMatrix
  private let blocks: [Block]
  private let norm: UnsafePointer<Float>
  private let global: LevelEncoder
  private let phrase: LevelEncoder
  private let local: LevelEncoder
  private let storage: Arena

  init(_ file: ModelFile, _ shape: Configuration.Latents) {
    let weights = WeightLoader(file) { $0.hasPrefix("encoder.") }
    window = shape.windowLength
    block = BlockShape(file.configuration)
    inputs = file.configuration.inputs
    self.shape = shape
    planes = weights.matrix("encoder.planes.weight")
    blocks = (0..<file.configuration.encoderLayers).map {
      Block("encoder.blocks.\($0)", BlockShape(file.configuration), from: weights)
    }
    norm = weights.numbers("encoder.norm.weight")
    global = LevelEncoder(.global, file.configuration, shape, from: weights)
    phrase = LevelEncoder(.phrase, file.configuration, shape, from: weights)
    local = LevelEncoder(.local, file.configuration, shape, from: weights)
    storage = weights.storage
  }

  /// - Precondition: There are 1…`windowLength` tokens.
  func encode(_ window: TokenWindow, _ model: Model, _ prior: Prior) -> Posterior {
    let count = window.tokens.count
    precondition((1...self.window).contains(count), "a latent window has 1…\(self.window) tokens, not \(count)")
    let arena = Arena(
      byteCount: Workspace.byteCount(block, inputs: inputs, capacity: count, positions: count)
        + AurlCache.byteCount(positions: count, heads: block.heads, headWidth: block.headWidth))
    defer { withExtendedLifetime(arena) {} }
    let space = Workspace(block, inputs: inputs, capacity: count, positions: count, in: arena)
    let cache = AurlCache(positions: count, heads: block.heads, headWidth: block.headWidth, in: arena)
    encodeTokens(window, space, cache, model)
    let lengths = [(global, self.window), (phrase, shape.phraseLength), (local, shape.localLength)]
    let levels = lengths.map { level, length in
      level.gaussians(space, count: count, length: length, cache: cache, model.kernels)
    }
    return Posterior(global: levels[0][0], phrases: levels[1], locals: levels[2], prior: prior)
  }

  /// Computes the hidden states of the tokens into `space.normalized`.
  private func encodeTokens(_ window: TokenWindow, _ space: Workspace, _ cache: AurlCache, _ model: Model) {
    let count = window.tokens.count
    var keyboard = window.start
    for (row, token) in window.tokens.enumerated() {
      keyboard.apply(token)
      KeyPlanes.write(keyboard, to: space.planes + row * KeyPlanes.count)
      model.embed(Int(token), into: space.x + row * block.width)
    }
    space.addPlanes(planes, count: count, model.kernels)
    model.rotary.fill(space.cosines, space.sines, from: 0, count: count)
    let span = AurlSpan(first: 0, last: Int64(count - 1), advance: 0, window: Int64(count))
    for block in blocks {
      block.apply(space, count: count, position: 0, cache: cache, span: span, model.kernels)
    }
    model.kernels.rmsNorm(space.x, weight: norm, into: space.normalized, width: block.width, count: count)
  }
}
