/// A trained model: a safetensors file with exactly the tensors of its configuration, mapped into memory.
public final class ModelFile: WeightFile {
  /// The metadata of the file.
  public let metadata: ModelMetadata
  /// The tensors of the file.
  public let file: SafetensorsFile

  /// The dimensions of the model.
  public var configuration: Configuration { metadata.configuration }

  /// Interprets a file as a model, as `init(path:)` does.
  public init(file: SafetensorsFile) throws(ModelFormatError) {
    self.file = file
    metadata = try file.verifiedMetadata()
  }
}
