internal import CKernels
internal import ModelFormat

/// The weights of the plan: a small causal Transformer over the latents in their order (docs/model.md).
struct PlanNetwork: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the network exists.
  let latents: Configuration.Latents
  let shape: BlockShape
  let start: UnsafePointer<Float>
  /// [slots, width].
  let slots: UnsafePointer<Float>
  let inputs: PerLevel<AurlMatrix>
  let outputs: PerLevel<AurlMatrix>
  let blocks: [Block]
  let norm: UnsafePointer<Float>
  let rotary: Rotary
  private let storage: Arena

  init(_ file: ModelFile, _ latents: Configuration.Latents) {
    let weights = WeightLoader(file) { $0.hasPrefix("prior.plan.") }
    let shape = BlockShape(latents.plan)
    self.latents = latents
    self.shape = shape
    start = weights.numbers("prior.plan.start")
    slots = weights.numbers("prior.plan.slots")
    inputs = PerLevel { weights.matrix("prior.plan.\($0).input.weight") }
    outputs = PerLevel { weights.matrix("prior.plan.\($0).output.weight") }
    blocks = (0..<latents.plan.layers).map { Block("prior.plan.blocks.\($0)", shape, from: weights) }
    norm = weights.numbers("prior.plan.norm.weight")
    rotary = Rotary(headWidth: shape.headWidth)
    storage = weights.storage
  }

  /// The level of a slot in a latent window.
  func level(ofSlot slot: Int) -> Configuration.Level {
    guard slot > 0 else { return .global }
    return (slot - 1).isMultiple(of: 1 + latents.localsPerPhrase) ? .phrase : .local
  }
}

/// Runs the plan over latents in their order and predicts each from those before it.
final class PlanReader {
  private let network: PlanNetwork
  private let kernels: Kernels
  private let arena: Arena
  private let space: Workspace
  private let caches: [AurlCache]
  /// [2 · the most dimensions of a latent].
  private let result: UnsafeMutablePointer<Float>
  private var position = 0
  private var last: (level: Configuration.Level, z: [Float])?

  /// - Parameter windows: the maximum number of latent windows.
  init(_ network: PlanNetwork, windows: Int, _ kernels: Kernels) {
    self.network = network
    self.kernels = kernels
    let (shape, latents) = (network.shape, network.latents)
    let positions = windows * latents.slotsPerWindow
    let inputs = max(latents.global, latents.phrase, latents.local)
    let elements = network.blocks.map(\.cacheElement)
    let cacheBytes = elements.map {
      AurlCache.byteCount(of: $0, positions: positions, heads: shape.heads, headWidth: shape.headWidth)
    }
    arena = Arena(
      byteCount: cacheBytes.reduce(0, +) + 2 * inputs * MemoryLayout<Float>.stride + 64
        + Workspace.byteCount(shape, inputs: inputs, capacity: 1, positions: positions))
    let arena = arena
    space = Workspace(shape, inputs: inputs, capacity: 1, positions: positions, in: arena)
    result = arena.floats(2 * inputs)
    caches = elements.map {
      AurlCache(of: $0, positions: positions, heads: shape.heads, headWidth: shape.headWidth, in: arena)
    }
  }

  /// The level of the next latent.
  var level: Configuration.Level { network.level(ofSlot: position % network.latents.slotsPerWindow) }
  /// Whether no latent has been read yet.
  var isAtStart: Bool { position == 0 }

  /// The plan's output that is added to that of the next latent's Gaussian, 2 · dimensions numbers; the latent itself
  /// must be read next.
  func output() -> [Float] {
    let (shape, level) = (network.shape, level)
    let x = space.x
    x.update(from: network.slots + position % network.latents.slotsPerWindow * shape.width, count: shape.width)
    if let last {
      kernels.linear(
        network.inputs[last.level], last.z, stride: 0, into: x, stride: 0, accumulates: true,
        scratch: space.linearScratch)
    } else {
      kernels.add(network.start, to: x, count: shape.width)
    }
    network.rotary.fill(space.cosines, space.sines, from: position, count: 1)
    let span = AurlSpan(first: 0, last: Int64(position), advance: 1, window: Int64(position + 1))
    for (block, cache) in zip(network.blocks, caches) {
      block.apply(space, count: 1, position: position, cache: cache, span: span, kernels)
    }
    kernels.rmsNorm(x, weight: network.norm, into: space.normalized, width: shape.width, count: 1)
    let count = 2 * network.latents.dimensions(of: level)
    kernels.linear(
      network.outputs[level], space.normalized, stride: 0, into: result, stride: 0, scratch: space.linearScratch)
    position += 1
    return Array(UnsafeBufferPointer(start: result, count: count))
  }

  /// Reads the latent that `output` predicted.
  func read(_ z: [Float], of level: Configuration.Level) { last = (level, z) }
}
