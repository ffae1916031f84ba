internal import CKernels
internal import ModelFormat
internal import MusicFeatures

/// The scratch memory of blocks, for at most `capacity` tokens at once.
struct Workspace {
  let capacity: Int
  /// The hidden states [capacity, d].
  let x: UnsafeMutablePointer<Float>
  /// The key planes of each position: [capacity, planes].
  let planes: UnsafeMutablePointer<Float>
  /// Normalized hidden states [capacity, d].
  let normalized: UnsafeMutablePointer<Float>
  /// [capacity, 3d], or one Gaussian of latents where that is more.
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

  /// - Parameters:
  ///   - inputs: the largest dimension of any other input or output of a projection to or from hidden states.
  ///   - positions: the maximum number of positions of a cache.
  init(_ shape: BlockShape, inputs: Int, capacity: Int, positions: Int, in arena: Arena) {
    self.capacity = capacity
    x = arena.floats(capacity * shape.width)
    planes = arena.floats(capacity * KeyPlanes.count)
    normalized = arena.floats(capacity * shape.width)
    projected = arena.floats(Self.projectedCount(shape, inputs: inputs, capacity: capacity))
    attended = arena.floats(capacity * shape.width)
    raised = arena.floats(capacity * shape.feedForward)
    cosines = arena.floats(capacity * shape.headWidth / 2)
    sines = arena.floats(capacity * shape.headWidth / 2)
    linearScratch = arena.bytes(aurl_linear_scratch(shape.widest(inputs), capacity))
    attentionScratch = arena.bytes(aurl_attention_scratch(AurlCache.blocks(positions)))
  }

  /// Adds the projected key planes to the embeddings in the first rows of `x`.
  func addPlanes(_ projection: AurlMatrix, count: Int, _ kernels: Kernels) {
    kernels.linear(
      projection, planes, stride: KeyPlanes.count, into: x, stride: Int(projection.rows), count: count,
      accumulates: true, scratch: linearScratch)
  }

  /// The bytes that a workspace takes in an `Arena`.
  static func byteCount(_ shape: BlockShape, inputs: Int, capacity: Int, positions: Int) -> Int {
    let floats =
      projectedCount(shape, inputs: inputs, capacity: capacity)
      + capacity * (3 * shape.width + KeyPlanes.count + shape.feedForward + shape.headWidth)
    return floats * MemoryLayout<Float>.stride + aurl_linear_scratch(shape.widest(inputs), capacity)
      + aurl_attention_scratch(AurlCache.blocks(positions)) + 1024
  }

  private static func projectedCount(_ shape: BlockShape, inputs: Int, capacity: Int) -> Int {
    max(capacity * 3 * shape.width, 2 * inputs)
  }
}

extension BlockShape {
  /// The largest number of columns of a matrix.
  fileprivate func widest(_ inputs: Int) -> Int { max(width, feedForward, inputs) }
}

extension Configuration {
  /// The largest dimension, other than that of hidden states, that is projected to or from them: that of planes or
  /// latents.
  var inputs: Int { max(KeyPlanes.count, latents?.total ?? 0) }
}
