internal import CKernels
internal import ModelFormat
public import MusicFeatures

/// The weights of the model of chord charts: a small causal Transformer over `ChartTokens` (docs/model.md).
struct ChartNetwork: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the network exists.
  let window: Int
  let shape: BlockShape
  let embedding: StoredRows
  /// All rows of the embedding.
  let head: AurlMatrix
  /// [places, width].
  let places: UnsafePointer<Float>
  let blocks: [Block]
  let norm: UnsafePointer<Float>
  let rotary: Rotary
  private let storage: Arena

  init(_ file: ModelFile, _ chart: Configuration.Chart) {
    let weights = WeightLoader(file) { $0.hasPrefix("chart.") }
    let shape = BlockShape(chart)
    window = chart.window
    self.shape = shape
    places = weights.numbers("chart.places")
    blocks = (0..<chart.layers).map { Block("chart.blocks.\($0)", shape, from: weights) }
    norm = weights.numbers("chart.norm.weight")
    head = weights.matrix("chart.embedding.weight")
    embedding = weights.rows("chart.embedding.weight")
    rotary = Rotary(headWidth: shape.headWidth)
    storage = weights.storage
  }
}

/// Reads the tokens of a chord chart one by one and predicts the next.
///
///     let reader = ChartReader(model)!
///     for element in ChartTokens.elements(of: chart) { logits = reader.read(element) }
///
/// A reader must be used by one thread at a time.
public final class ChartReader {
  private let network: ChartNetwork
  private let kernels: Kernels
  private let arena: Arena
  private let space: Workspace
  private let caches: [AurlCache]
  private let logits: UnsafeMutablePointer<Float>
  /// The number of tokens read since the start of the sequence.
  public private(set) var position = 0

  /// Creates a reader; nil if the model has no charts.
  public init?(_ model: Model) {
    guard let network = model.charts else { return nil }
    self.network = network
    kernels = model.kernels
    let shape = network.shape
    let elements = network.blocks.map(\.cacheElement)
    let cacheBytes = elements.map {
      AurlCache.byteCount(of: $0, positions: network.window, heads: shape.heads, headWidth: shape.headWidth)
    }
    arena = Arena(
      byteCount: cacheBytes.reduce(0, +) + ChartTokens.count * MemoryLayout<Float>.stride + 64
        + Workspace.byteCount(shape, inputs: ChartTokens.count, capacity: 1, positions: network.window))
    let arena = arena
    space = Workspace(shape, inputs: ChartTokens.count, capacity: 1, positions: network.window, in: arena)
    logits = arena.floats(ChartTokens.count)
    caches = elements.map {
      AurlCache(of: $0, positions: network.window, heads: shape.heads, headWidth: shape.headWidth, in: arena)
    }
  }

  /// The longest sequence.
  public var window: Int { network.window }

  /// Begins a new sequence.
  public func reset() { position = 0 }

  /// Reads a token.
  ///
  /// - Returns: the logits of all ids for the next one.
  /// - Precondition: fewer than `window` tokens have been read.
  public func read(_ element: ChartTokens.Element) -> [Float] {
    precondition(position < window, "the sequence has at most \(window) tokens")
    let shape = network.shape
    let x = space.x
    network.embedding.read(element.id, scale: Float(shape.width).squareRoot(), into: x, kernels)
    kernels.add(network.places + element.nextPlace * shape.width, to: x, count: shape.width)
    network.rotary.fill(space.cosines, space.sines, from: position, count: 1)
    let span = AurlSpan(first: 0, last: Int64(position), advance: 1, window: Int64(position + 1))
    for (block, cache) in zip(network.blocks, caches) {
      block.apply(space, count: 1, position: position, cache: cache, span: span, kernels)
    }
    kernels.rmsNorm(x, weight: network.norm, into: space.normalized, width: shape.width, count: 1)
    kernels.linear(
      network.head, space.normalized, stride: 0, into: logits, stride: 0, scratch: space.linearScratch)
    position += 1
    return Array(UnsafeBufferPointer(start: logits, count: ChartTokens.count))
  }
}
