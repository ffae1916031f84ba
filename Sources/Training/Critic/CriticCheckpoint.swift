internal import FoundationEssentials
internal import Layers
internal import ModelFormat
internal import Tensors
internal import Text
internal import VAEGAN

/// A checkpoint of a critic's training in one file: parameters and singular vectors (`parameter.NAME`), the moments of
/// the optimizer (`firstMoment.NAME`, `secondMoment.NAME`) and the `progress` as JSON.
enum CriticCheckpoint {
  private static let format = "aurl-critic-state"
  private static let version = "1"

  static func save(
    _ path: String, _ critic: Discriminator, _ optimizer: AdamW, progress: CriticProgress, dataHash: String,
    modelHash: String
  ) throws {
    let tensors = tensors(critic, optimizer)
    let metadata = [
      "format": format, "version": version, "progress": try JSONText.line(progress), "data": dataHash,
      "model": modelHash,
      "configuration": try JSONText.line(critic.configuration),
    ]
    var writer = try SafetensorsWriter(
      path: path, tensors: tensors.map { TensorLayout($0.name, .float32, $0.tensor.shape) }, metadata: metadata)
    for (name, tensor) in tensors { try writer.write(tensor.floats(), to: name) }
    try writer.commit()
  }

  /// Restores a checkpoint.
  ///
  /// - Throws: `ModelFormatError`, or `TrainingError.mismatch` if it belongs to another run.
  static func load(
    _ path: String, into critic: Discriminator, _ optimizer: AdamW, dataHash: String, modelHash: String
  ) throws -> CriticProgress {
    let file = try Self.file(path, for: critic)
    func mismatch(_ reason: String) -> TrainingError { .mismatch(path: path, reason) }
    guard file.metadata["data"] == dataHash else { throw mismatch("it was trained on other data") }
    guard file.metadata["model"] == modelHash else { throw mismatch("it was trained on takes of another model") }
    let json = Data((file.metadata["progress"] ?? "").utf8)
    guard let progress = try? JSONDecoder().decode(CriticProgress.self, from: json), progress.step >= 0,
      progress.optimizerStep >= 0
    else { throw mismatch("its progress is missing") }
    try assign(tensors(critic, optimizer), from: file, path)
    optimizer.step = progress.optimizerStep
    return progress
  }

  /// Loads the parameters of a checkpoint, which may belong to a run on takes of another model or on other data.
  ///
  /// - Throws: `ModelFormatError`, or `TrainingError.mismatch` if its critic has another configuration.
  static func loadParameters(_ path: String, into critic: Discriminator) throws {
    try assign(named("parameter", critic.parameters.all), from: Self.file(path, for: critic), path)
  }

  /// Opens a checkpoint of a critic of the same configuration.
  private static func file(_ path: String, for critic: Discriminator) throws -> SafetensorsFile {
    let file = try SafetensorsFile(path: path)
    guard file.metadata["format"] == format, file.metadata["version"] == version else {
      throw TrainingError.mismatch(path: path, "it is not the training state of a critic")
    }
    guard file.metadata["configuration"] == (try JSONText.line(critic.configuration)) else {
      throw TrainingError.mismatch(path: path, "its critic differs from that of the settings")
    }
    try file.verifyFinite()
    return file
  }

  private static func assign(
    _ tensors: [(name: String, tensor: Tensor)], from file: SafetensorsFile, _ path: String
  ) throws {
    for (name, tensor) in tensors {
      guard let stored = file[name], stored.shape == tensor.shape else {
        throw TrainingError.mismatch(path: path, "it has no tensor \(name)")
      }
      try tensor.assign(Tensor(stored.floats, tensor.shape, on: tensor.device))
    }
  }

  private static func tensors(_ critic: Discriminator, _ optimizer: AdamW) -> [(name: String, tensor: Tensor)] {
    named("parameter", critic.parameters.all)
      + named("firstMoment", optimizer.firstMoments, optimizer.parameters)
      + named("secondMoment", optimizer.secondMoments, optimizer.parameters)
  }

  /// Tensors by the names of the given parameters, or by their own names.
  private static func named(
    _ prefix: String, _ tensors: [Tensor], _ parameters: [Tensor]? = nil
  ) -> [(name: String, tensor: Tensor)] {
    zip(parameters ?? tensors, tensors).map { ("\(prefix).\($0.name ?? "")", $1) }
  }
}
