/// A trained critic: a safetensors file with exactly the tensors of its configuration, mapped into memory.
public final class CriticFile: WeightFile {
  /// The metadata of the file.
  public let metadata: CriticMetadata
  /// The tensors of the file.
  public let file: SafetensorsFile

  /// The dimensions of the critic.
  public var configuration: CriticConfiguration { metadata.configuration }

  /// Interprets a file as a critic, as `init(path:)` does.
  public init(file: SafetensorsFile) throws(ModelFormatError) {
    self.file = file
    metadata = try file.verifiedMetadata()
  }
}

extension ModelWriter {
  /// Creates a writer of a critic's file at a path.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written or the configuration is invalid.
  public init(path: String, critic metadata: CriticMetadata, precision: Precision = .single) throws(ModelFormatError) {
    try self.init(path: path, weights: metadata, precision: precision)
  }
}

extension CriticFile {
  /// Writes the critic to another file, in another precision.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written, or a number exceeds the range of the precision.
  public func write(to path: String, precision: ModelWriter.Precision) throws(ModelFormatError) {
    try write(to: path, metadata: metadata, precision: precision)
  }
}
