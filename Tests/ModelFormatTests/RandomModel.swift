import ModelFormat
import TestSupport

/// A complete model with random weights.
struct RandomModel {
  var metadata: ModelMetadata
  var tensors: [String: [Float]] = [:]

  init(_ configuration: Configuration = .tiny, seed: UInt64 = 1) {
    metadata = ModelMetadata(
      configuration: configuration, dataHash: "0123abcd", step: 1200, metrics: ["valid.natsPerToken": 1.875])
    var generator = SeededGenerator(seed: seed)
    for tensor in configuration.tensors {
      tensors[tensor.name] = (0..<tensor.count).map { _ in Float.random(in: -2...2, using: &generator) }
    }
  }

  func write(to path: String, precision: ModelWriter.Precision = .single) throws {
    var writer = try ModelWriter(path: path, metadata: metadata, precision: precision)
    for tensor in metadata.configuration.tensors { try writer.write(tensors[tensor.name] ?? [], to: tensor) }
    try writer.commit()
  }
}
