/// What training needs beside the model to go on as if it had never stopped: optimiser, averages, generators. A second
/// safetensors file beside the model's, whose tensors and metadata are the business of who trains.
///
/// A model and its state are written one after the other by `CheckpointWriter`, and hold the same random text, so that
/// a state is never taken for that of another model.
public final class TrainingState: Sendable {
  public let file: SafetensorsFile
  /// Optimiser steps, the same as the model's.
  public let step: Int

  /// Finds and opens the state that was written with a model. Where the machine stopped between the two files, this
  /// is the one kept from before. O(n): numbers must be finite.
  ///
  /// - Throws: `ModelFormatError` where there is none, or only that of another model.
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

  /// The names of the metadata that make a file a state.
  enum Key: String, CaseIterable {
    case format, version, step, pair
  }

  /// Where the state of a model is: `a.state.safetensors` for `a.safetensors`.
  public static func path(besideModel path: String) -> String { stem(path) + ".state" + suffix }

  /// Where the state before the last is while a new one is written.
  static func previousPath(besideModel path: String) -> String { stem(path) + ".state.previous" + suffix }

  private static let suffix = ".safetensors"

  private static func stem(_ path: String) -> String {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}
