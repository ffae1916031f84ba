/// The state that training needs in addition to the model to resume exactly: optimizer, averages, generators. It is a
/// second safetensors file beside the model's, whose other tensors and metadata are defined by the training code.
///
/// A model and its state are written by `CheckpointWriter` and hold the same random identifier, so that a state is
/// never combined with another model.
public final class TrainingState: Sendable {
  /// The tensors and metadata of the state.
  public let file: SafetensorsFile
  /// The number of optimizer steps, the same as the model's.
  public let step: Int

  /// Finds and opens the state that was written with a model. After a crash between the two files, this is the previous
  /// state. O(n): numbers must be finite.
  ///
  /// - Throws: `ModelFormatError` if there is none, or only that of another model.
  public init(of model: ModelFile) throws(ModelFormatError) {
    guard let pair = model.metadata.pair else {
      throw .content(
        path: model.path, reason: "the model was written without its training state; it can only be played")
    }
    let path = Self.path(besideModel: model.path)
    do throws(ModelFormatError) {
      file = try Self.open(path, pair: pair, model: model)
    } catch {
      guard let previous = try? Self.open(Self.previousPath(besideModel: model.path), pair: pair, model: model) else {
        throw error
      }
      file = previous
    }
    step = model.metadata.step
    try file.verifyFinite()
  }

  private static func open(_ path: String, pair: String, model: ModelFile) throws(ModelFormatError) -> SafetensorsFile {
    let file = try SafetensorsFile(path: path)
    guard file.metadata[Key.format.rawValue] == format, file.metadata[Key.version.rawValue] == version else {
      throw .content(path: path, reason: "is not the training state of a model of Aurl, version \(version)")
    }
    let step = file.metadata[Key.step.rawValue] ?? ""
    guard file.metadata[Key.pair.rawValue] == pair, step == "\(model.metadata.step)" else {
      let steps = "it is of step \(step.prefix(20)), the model of step \(model.metadata.step)"
      throw .content(path: path, reason: "was not written with \(quoted(model.path)); \(steps)")
    }
    return file
  }

  static let format = "aurl-training-state"
  static let version = "1"

  /// The metadata keys of a state.
  enum Key: String, CaseIterable {
    case format, version, step, pair
  }

  /// The path of the state of a model: `a.state.safetensors` for `a.safetensors`.
  public static func path(besideModel path: String) -> String { stem(path) + ".state" + suffix }

  /// The path of the previous state while a new one is written.
  static func previousPath(besideModel path: String) -> String { stem(path) + ".state.previous" + suffix }

  private static let suffix = ".safetensors"

  private static func stem(_ path: String) -> String {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}
