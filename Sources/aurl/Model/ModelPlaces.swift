import Glibc

/// Where the model is looked for that a command works with.
struct ModelPlaces {
  /// The name of the model that comes with the program.
  static let fileName = "aurl-small.safetensors"

  /// The value of `AURL_MODEL`: the model to use where none is named.
  var environment: String?
  /// Where it is without being named, the preferred first.
  var folders: [String]

  /// The places of this program and user (XDG Base Directory Specification).
  static var standard: ModelPlaces {
    let home = variable("HOME")
    let data = variable("XDG_DATA_HOME") ?? home.map { "\($0)/.local/share" }
    return ModelPlaces(
      environment: variable("AURL_MODEL"),
      folders: (Folder.ofProgram.map(folders(ofProgramIn:)) ?? []) + (data.map { ["\($0)/aurl/models"] } ?? []))
  }

  /// Beside an installed program in `share`, beside the program itself, or in the checkout in whose build folder it is.
  private static func folders(ofProgramIn folder: String) -> [String] {
    var path = folder.split(separator: "/")
    var folders = ["/" + (path.dropLast() + ["share", "aurl", "models"]).joined(separator: "/")]
    for _ in 0..<5 where !path.isEmpty {
      folders.append("/" + (path + ["models"]).joined(separator: "/"))
      path.removeLast()
    }
    return folders
  }

  /// The path of the model to use: the one named, that of the environment, or the first that is there.
  ///
  /// - Parameter name: a path, or the name of a file in one of the folders with or without its extension.
  /// - Throws: `Failure` where none is named and there is none.
  func choose(named name: String?) throws(Failure) -> String {
    if let named = name ?? environment {
      guard !named.contains("/"), access(named, F_OK) != 0 else { return named }
      return find(named) ?? find("\(named).safetensors") ?? named
    }
    if let found = find(Self.fileName) { return found }
    throw Failure(
      .unavailable, Self.fileName,
      "no model there in \(folders.last ?? "the user's data folder") or beside aurl; name one with --model or AURL_MODEL"
    )
  }

  private func find(_ file: String) -> String? {
    folders.map { "\($0)/\(file)" }.first { access($0, R_OK) == 0 }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
