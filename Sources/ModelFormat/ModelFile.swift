/// A trained model: a safetensors file with exactly the tensors of its configuration, mapped into memory.
public final class ModelFile: WeightFile {
  /// The metadata of the file.
  public let metadata: ModelMetadata
  /// The tensors of the file.
  public let file: SafetensorsFile

  /// The dimensions of the model.
  public var configuration: Configuration { metadata.configuration }
  /// The tensors that the file must have.
  public var descriptions: [TensorDescription] { configuration.tensors }

  /// Opens a model and validates it completely: the file format, the vocabulary, that it has exactly the tensors of its
  /// configuration, and that every number is finite. O(n), limited by memory bandwidth.
  ///
  /// - Throws: `ModelFormatError` with the first tensor that is missing, unexpected or invalid.
  public convenience init(path: String) throws(ModelFormatError) {
    try self.init(file: try SafetensorsFile(path: path))
  }

  /// Interprets a file as a model, as `init(path:)` does.
  public init(file: SafetensorsFile) throws(ModelFormatError) {
    self.file = file
    metadata = try file.verifiedMetadata()
  }
}
