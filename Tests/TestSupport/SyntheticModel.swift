public import ModelFormat

/// A model whose weights are generated from the names of its tensors and a seed, so that models of different
/// configurations have the same weights in common tensors.
public struct SyntheticModel: Sendable {
  public var configuration: Configuration
  public var tensors: [String: [Float]] = [:]

  public init(_ configuration: Configuration = .tiny, seed: UInt64 = 1) {
    self.configuration = configuration
    for tensor in configuration.tensors {
      let hash = tensor.name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      var generator = SeededGenerator(seed: hash)
      // Matrices preserve the magnitude of their input; norm weights are near 1.
      // Plan and chords have a small effect, as in a trained model.
      let isPlan = tensor.name.hasPrefix("prior.plan.") && tensor.name.hasSuffix("output.weight")
      let isSmall = isPlan || tensor.name == "decoder.chords.weight"
      let size: Float = isSmall ? 0.02 : tensor.isMatrix ? (6 / Float(tensor.shape[1])).squareRoot() : 0.5
      let middle: Float = tensor.name.hasSuffix("norm.weight") ? 1 : 0
      tensors[tensor.name] = (0..<tensor.count).map { _ in
        middle + size * (Float(generator.next() >> 40) * 0x1p-23 - 1)
      }
    }
  }

  /// The configuration `tiny` without latents: a plain decoder.
  public static let plain: SyntheticModel = {
    var configuration = Configuration.tiny
    configuration.latents = nil
    return SyntheticModel(configuration)
  }()

  /// Writes the model's file.
  public func write(to path: String) throws {
    var writer = try ModelWriter(path: path, metadata: ModelMetadata(configuration: configuration, step: 7))
    for tensor in configuration.tensors { try writer.write(tensors[tensor.name] ?? [], to: tensor) }
    try writer.commit()
  }
}
