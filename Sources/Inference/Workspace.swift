internal import CKernels
internal import ModelFormat

/// The memory that blocks compute in, for so many tokens at once at most.
struct Workspace {
  let capacity: Int
  /// The hidden states [capacity, d].
  let x: UnsafeMutablePointer<Float>
  /// Normalised hidden states [capacity, d].
  let normalized: UnsafeMutablePointer<Float>
  /// [capacity, 3d], or one Gaussian of the widest level of latents where that is more.
  let projected: UnsafeMutablePointer<Float>
  /// [capacity, d].
  let attended: UnsafeMutablePointer<Float>
  /// [capacity, feedForward].
  let raised: UnsafeMutablePointer<Float>
  /// [capacity, headWidth / 2].
  let cosines: UnsafeMutablePointer<Float>
  let sines: UnsafeMutablePointer<Float>
  let linearScratch: UnsafeMutableRawPointer
  let attentionScratch: UnsafeMutableRawPointer

  /// - Parameter positions: the most that a cache holds.
  init(_ configuration: Configuration, capacity: Int, positions: Int, in memory: Memory) {
    let c = configuration
    self.capacity = capacity
    x = memory.floats(capacity * c.width)
    normalized = memory.floats(capacity * c.width)
    projected = memory.floats(Self.projectedCount(c, capacity: capacity))
    attended = memory.floats(capacity * c.width)
    raised = memory.floats(capacity * c.feedForward)
    cosines = memory.floats(capacity * c.headWidth / 2)
    sines = memory.floats(capacity * c.headWidth / 2)
    linearScratch = memory.bytes(aurl_linear_scratch(c.widest, capacity))
    attentionScratch = memory.bytes(aurl_attention_scratch(AurlCache.blocks(positions)))
  }

  /// Bytes that a workspace takes of a `Memory`.
  static func byteCount(_ c: Configuration, capacity: Int, positions: Int) -> Int {
    let floats = projectedCount(c, capacity: capacity) + capacity * (3 * c.width + c.feedForward + c.headWidth)
    return floats * MemoryLayout<Float>.stride + aurl_linear_scratch(c.widest, capacity)
      + aurl_attention_scratch(AurlCache.blocks(positions)) + 1024
  }

  private static func projectedCount(_ c: Configuration, capacity: Int) -> Int {
    let dimensions = c.latents.map { max($0.global, $0.phrase, $0.local) } ?? 0
    return max(capacity * 3 * c.width, 2 * dimensions)
  }
}

extension Configuration {
  /// The most columns of a matrix of a block.
  fileprivate var widest: Int { max(width, feedForward, latents?.total ?? 0) }
}
