import Files
import Terminal

/// The places where a command looks for a model or a critic.
struct ModelPlaces {
  /// The name of the model that comes with the program.
  static let fileName = "aurl-small.safetensors"
  /// The name of the critic that comes with the program.
  static let criticName = "aurl-critic.safetensors"

  /// The kind of file: a model or a critic.
  var what = "model"
  /// The name of the file that comes with the program.
  var shipped = Self.fileName
  /// The exit status if none is found.
  var status = ExitStatus.unavailable
  /// The value of `AURL_MODEL` or `AURL_CRITIC`: the path to use if none is named.
  var environment: String?
  /// The folders to search, in order of preference.
  var folders: [String]

  /// The places of this program and user (XDG Base Directory Specification).
  static var standard: ModelPlaces {
    ModelPlaces(environment: Environment["AURL_MODEL"], folders: allFolders)
  }

  /// The places of the critic, which is in the same folders as the model.
  static var critic: ModelPlaces {
    ModelPlaces(
      what: "critic", shipped: criticName, status: .noInput, environment: Environment["AURL_CRITIC"],
      folders: allFolders)
  }

  private static var allFolders: [String] {
    Environment.shippedFolders("models") + (Environment.dataFolder.map { ["\($0)/aurl/models"] } ?? [])
  }

  /// The path of the model or critic to use: the one named, that of the environment, or the first that is there.
  ///
  /// - Parameter name: a path, or the name of a file in one of the folders with or without its extension.
  /// - Throws: `Failure` if none is named and none is found.
  func choose(named name: String?) throws(Failure) -> String {
    if let named = name ?? environment {
      guard !named.contains("/"), !FileSystem.isThere(named) else { return named }
      return find(named) ?? find("\(named).safetensors") ?? named
    }
    if let shippedPath { return shippedPath }
    throw Failure(
      status, shipped,
      "no such \(what) in \(folders.last ?? "the user's data folder") or beside aurl; name one with --\(what) or "
        + "AURL_\(what.uppercased())")
  }

  /// The path of the file that comes with the program; nil if there is none.
  var shippedPath: String? { find(shipped) }

  private func find(_ file: String) -> String? {
    folders.map { "\($0)/\(file)" }.first { FileSystem.isReadable($0) }
  }
}
