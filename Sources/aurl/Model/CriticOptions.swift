import ArgumentParser
import Files
import Inference
import ModelFormat
import Terminal

/// The option of every command that works with a critic.
struct CriticOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The critic: a file, or the name of one that comes with aurl or is in the data folder. Default: $AURL_CRITIC, or \(ModelPlaces.criticName).",
      valueName: "file"), completion: .model)
  var critic: String?

  /// The path of the critic.
  ///
  /// - Throws: `Failure` if none is named and none is found.
  func path() throws(Failure) -> String { try ModelPlaces.critic.choose(named: critic) }

  /// Loads the critic.
  ///
  /// - Throws: `Failure` if it is missing or invalid.
  func load() throws(Failure) -> Critic {
    let path = try path()
    do throws(ModelFormatError) { return try Critic(path: path) } catch {
      guard case .file(let error) = error, error.operation == .open else { throw Failure(error) }
      throw Failure(error.status, path, "the critic \(error); name one with --critic or AURL_CRITIC")
    }
  }
}
