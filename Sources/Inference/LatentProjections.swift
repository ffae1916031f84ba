internal import CKernels
internal import ModelFormat

/// The projections of a window's latents that are added to the hidden states of each decoder block, computed once per
/// local segment rather than per token.
struct LatentProjections {
  private let shape: Configuration.Latents
  private let width: Int
  private let layers: Int
  private let segments: Int
  /// [layers, segments, d].
  private let rows: UnsafeMutablePointer<Float>
  /// [segments, total], and scratch memory for the projections.
  private let input: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutableRawPointer

  init(_ configuration: Configuration, _ shape: Configuration.Latents, in arena: Arena) {
    self.shape = shape
    width = configuration.width
    layers = configuration.decoderLayers
    segments = shape.windowLength / shape.localLength
    rows = arena.floats(configuration.decoderLayers * segments * width)
    input = arena.floats(segments * shape.total)
    scratch = arena.bytes(aurl_linear_scratch(shape.total, segments))
  }

  static func byteCount(_ configuration: Configuration) -> Int {
    guard let shape = configuration.latents else { return 0 }
    let segments = shape.windowLength / shape.localLength
    let floats = segments * (configuration.decoderLayers * configuration.width + shape.total)
    return floats * MemoryLayout<Float>.stride + aurl_linear_scratch(shape.total, segments) + 256
  }

  /// Computes the projections of all segments and blocks.
  func project(_ latents: Latents, _ maps: [AurlMatrix], _ kernels: Kernels) {
    precondition(latents.fits(shape), "these are not the latents of this model")
    for segment in 0..<segments {
      latents.copy(segment: segment, shape, to: input + segment * shape.total)
    }
    for (layer, map) in maps.enumerated() {
      kernels.linear(
        map, input, stride: shape.total, into: rows + layer * segments * width, stride: width, count: segments,
        scratch: scratch)
    }
  }

  /// Copies the projections of another state of the same model.
  func copy(_ other: LatentProjections) { rows.update(from: other.rows, count: layers * segments * width) }

  /// Sets all projections to zero, as before any latents are set.
  func clear() { rows.update(repeating: 0, count: layers * segments * width) }

  /// Adds the projections of `count` positions from `offset` on to as many hidden states.
  func add(layer: Int, offset: Int, count: Int, to x: UnsafeMutablePointer<Float>, _ kernels: Kernels) {
    for index in 0..<count {
      let segment = min((offset + index) / shape.localLength, segments - 1)
      kernels.add(rows + (layer * segments + segment) * width, to: x + index * width, count: width)
    }
  }
}
