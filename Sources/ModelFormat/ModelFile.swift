/// A trained model: a safetensors file with exactly the tensors of its configuration, mapped into memory.
public final class ModelFile: WeightFile {
  public let metadata: ModelMetadata
  public let file: SafetensorsFile

  public var configuration: Configuration { metadata.configuration }
  public var descriptions: [TensorDescription] { configuration.tensors }

  /// Opens a model and checks all of it: the file, that it is a model for the tokens of this program, that it has
  /// each tensor of its configuration and no other, and that every number is finite. O(n), at the speed of memory.
  ///
  /// - Throws: `ModelFormatError` that names the first tensor that is missing, too many or wrong.
  public convenience init(path: String) throws(ModelFormatError) {
    try self.init(file: try SafetensorsFile(path: path))
  }

  /// Takes a file for a model, as `init(path:)` does.
  public init(file: SafetensorsFile) throws(ModelFormatError) {
    self.file = file
    metadata = try file.verifiedMetadata()
  }
}
