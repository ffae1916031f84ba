public import ModelFormat

/// A critic whose weights are generated from the names of its tensors and a seed.
public struct SyntheticCritic: Sendable {
  public var metadata: CriticMetadata
  public var tensors: [String: [Float]] = [:]

  public init(_ configuration: CriticConfiguration = CriticConfiguration(width: 32, heads: 2), seed: UInt64 = 1) {
    metadata = CriticMetadata(configuration: configuration, step: 5)
    for tensor in configuration.tensors {
      let hash = tensor.name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      var generator = SeededGenerator(seed: hash)
      let isNorm = tensor.name.hasSuffix("norm.weight")
      let columns = Float(tensor.shape.dropFirst().reduce(1, *))
      let size: Float = tensor.shape.count > 1 ? (3 / columns).squareRoot() : 0.3
      tensors[tensor.name] = (0..<tensor.count).map { _ in
        (isNorm ? 1 : 0) + size * (Float(generator.next() >> 40) * 0x1p-23 - 1)
      }
    }
  }

  /// Writes the critic's file.
  public func write(to path: String) throws {
    var writer = try ModelWriter(path: path, critic: metadata)
    for tensor in metadata.configuration.tensors { try writer.write(tensors[tensor.name] ?? [], to: tensor) }
    try writer.commit()
  }
}
