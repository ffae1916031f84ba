internal import Files
internal import Glibc

/// Writes a model and its training state atomically as a pair: after a crash at any point, either the previous pair or
/// the new one is complete.
///
/// The previous state is kept as `.state.previous.safetensors` until the new model has been renamed.
///
///     var checkpoint = try CheckpointWriter(path: path, metadata: metadata, state: layouts)
///     for tensor in metadata.configuration.tensors { try checkpoint.model.write(floats(of: tensor), to: tensor) }
///     for layout in layouts { try checkpoint.state.write(bytes(of: layout), to: layout.name) }
///     try checkpoint.commit()
public struct CheckpointWriter: ~Copyable {
  /// Writes the model.
  public var model: ModelWriter
  /// Writes the training state.
  public var state: SafetensorsWriter
  private let path: String

  /// Prepares both files.
  ///
  /// - Parameters:
  ///   - path: The path of the model; its state is written to `TrainingState.path(besideModel:)`.
  ///   - state: The tensors of the state.
  ///   - stateMetadata: Additional metadata of the state, under names other than `format`, `version`, `step` and
  ///     `pair`.
  /// - Throws: `ModelFormatError` if a file cannot be written or the configuration is invalid.
  public init(
    path: String, metadata: ModelMetadata, precision: ModelWriter.Precision = .single, state: [TensorLayout],
    stateMetadata: [String: String] = [:]
  ) throws(ModelFormatError) {
    var metadata = metadata
    let pair = String(UInt64.random(in: 0 ... .max), radix: 16)
    metadata.pair = pair
    var text = stateMetadata
    let values = [TrainingState.format, TrainingState.version, "\(metadata.step)", pair]
    for (key, value) in zip(TrainingState.Key.allCases, values) {
      precondition(text.updateValue(value, forKey: key.rawValue) == nil, "\(key) is not free for other metadata")
    }
    let model = try ModelWriter(path: path, metadata: metadata, precision: precision)
    self.state = try SafetensorsWriter(
      path: TrainingState.path(besideModel: path), tensors: state, metadata: text)
    self.model = model
    self.path = path
  }

  /// Syncs both files to disk and renames them.
  ///
  /// - Precondition: All tensors of both were written.
  public consuming func commit() throws(ModelFormatError) {
    let (state, previous) = (TrainingState.path(besideModel: path), TrainingState.previousPath(besideModel: path))
    // A state left behind by a crash must not replace the one that belongs to the model.
    if let pair = Self.pair(path), pair == Self.pair(state) {
      do throws(FileError) { try FileSystem.rename(state, to: previous) } catch {
        throw .file(FileError(path: state, operation: .write, code: error.code))
      }
    }
    try self.state.commit()
    try model.commit()
    try? FileSystem.remove(previous)
  }

  private static func pair(_ path: String) -> String? {
    (try? SafetensorsFile(path: path))?.metadata[TrainingState.Key.pair.rawValue]
  }
}
