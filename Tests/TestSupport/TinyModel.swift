import Foundation
public import ModelFormat

/// Models of random numbers, as training would leave them but for the music: matrices keep the size of what they map.
public enum TinyModel {
  /// Writes a model and returns its path.
  public static func write(
    _ configuration: Configuration = .tiny, seed: UInt64 = 1, to name: String = "tiny.safetensors",
    in folder: TemporaryFolder
  ) throws -> String {
    var generator = SeededGenerator(seed: seed)
    var writer = try ModelWriter(
      path: folder.path(name), metadata: ModelMetadata(configuration: configuration, step: 1200), precision: .single)
    for tensor in configuration.tensors {
      let (middle, width): (Float, Float) =
        switch tensor.name {
        case _ where tensor.isMatrix: (0, (6 / Float(tensor.shape[1])).squareRoot())
        case _ where tensor.name.hasSuffix("norm.weight") || tensor.name.hasSuffix(".variance"): (1, 0.5)
        default: (0, 1)
        }
      let numbers = (0..<tensor.count).map { _ in Float.random(in: middle - width...middle + width, using: &generator) }
      try writer.write(numbers, to: tensor)
    }
    try writer.commit()
    return folder.path(name)
  }

  /// `tiny` without latents.
  public static let plain: Configuration = {
    var configuration = Configuration.tiny
    configuration.latents = nil
    return configuration
  }()
}
