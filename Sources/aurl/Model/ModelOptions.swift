import ArgumentParser
import Files
import Inference
import ModelFormat
import Takes
import Terminal

/// The options of every command that works with a model.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: a file, or the name of one that comes with aurl or is in the data folder. Default: $AURL_MODEL, or \(ModelPlaces.fileName).",
      valueName: "file"), completion: .model)
  var model: String?

  /// The path of the model.
  ///
  /// - Throws: `Failure` if none is named and none is found.
  func path() throws(Failure) -> String { try ModelPlaces.standard.choose(named: model) }

  /// Whether it is the model that is shipped with the program.
  func isShipped() throws(Failure) -> Bool {
    guard let shipped = ModelPlaces.standard.shippedPath, let identity = try? FileStatus(path: shipped).identity else {
      return false
    }
    let path = try path()
    return (try? FileStatus(path: path).identity) == identity
  }

  /// The file of the model, which computes its hash once; that of another call computes it again.
  ///
  /// - Throws: `Failure` if none is named and none is found.
  func file() throws(Failure) -> HashedFile { HashedFile(path: try path()) }

  /// Loads the model.
  ///
  /// - Throws: `Failure` if it is missing or invalid.
  func load() throws(Failure) -> Model {
    let path = try path()
    do throws(ModelFormatError) { return try Model(path: path) } catch {
      guard case .file(let error) = error, error.operation == .open else { throw Failure(error) }
      throw Failure(.unavailable, path, "the model \(error); name one with --model or AURL_MODEL")
    }
  }
}

extension ModelOptions {
  /// The message for a model with finite parameters whose outputs are not finite.
  static let notNumbers = "the model is damaged: its outputs are not finite"
}

extension Failure {
  init(_ error: ModelFormatError) {
    switch error {
    case .file(let error): self.init(error)
    case .content: self.init(.malformedInput, error.path, error.message)
    }
  }
}
