import Foundation
import ModelFormat

/// A model file in each precision, of a trained model or with random weights.
struct Models {
  let folder: URL

  init(path: String?) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("aurl-engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if let path {
      let file = try ModelFile(path: path)
      for precision in ModelWriter.Precision.allCases { try file.write(to: self.path(precision), precision: precision) }
    } else {
      for precision in ModelWriter.Precision.allCases { try Self.writeRandom(self.path(precision), precision) }
    }
  }

  func path(_ precision: ModelWriter.Precision) -> String {
    folder.appendingPathComponent("\(precision.rawValue).safetensors").path
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  private static func writeRandom(_ path: String, _ precision: ModelWriter.Precision) throws {
    let configuration = Configuration.small
    var generator = SystemRandomNumberGenerator()
    var writer = try ModelWriter(
      path: path, metadata: ModelMetadata(configuration: configuration), precision: precision)
    for tensor in configuration.tensors {
      let bound = tensor.isMatrix ? (3 / Float(tensor.shape[1])).squareRoot() : 1
      let numbers = (0..<tensor.count).map { _ in Float.random(in: -bound...bound, using: &generator) }
      try writer.write(tensor.name.hasSuffix("norm.weight") ? numbers.map { _ in 1 } : numbers, to: tensor)
    }
    try writer.commit()
  }
}

extension Configuration {
  /// The number of weights of the decoder's matrices that every token uses: blocks and head.
  var numbersPerToken: Int {
    tensors.filter { tensor in
      tensor.isMatrix && !tensor.name.hasSuffix("latents.weight")
        && (tensor.name.hasPrefix("decoder.") || tensor.name == "embedding.weight")
    }.reduce(0) { $0 + $1.count }
  }
}

extension ModelWriter.Precision {
  var bytes: Int {
    switch self {
    case .single: 4
    case .half: 2
    case .int8: 1
    }
  }
}
