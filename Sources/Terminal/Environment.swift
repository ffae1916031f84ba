internal import Files
internal import Glibc

/// The environment of the process. Programs read it here; libraries get values as parameters.
package enum Environment {
  /// The value of an environment variable; nil where it is not set, or empty.
  package static subscript(name: String) -> String? { FileSystem.environment(name) }

  /// The folder of the program's file, with links resolved; nil where the system does not say.
  package static let programFolder: String? = FileSystem.program?.folderPath

  /// The user's folder for data (XDG Base Directory Specification); nil where there is no home either.
  package static var dataFolder: String? {
    self["XDG_DATA_HOME"] ?? self["HOME"].map { "\($0)/.local/share" }
  }

  /// Where files of a kind that come with the program can be, the preferred first: beside an installed program in
  /// `share`, beside the program itself, or in the checkout in whose build folder the program is.
  ///
  /// - Parameters:
  ///   - kind: The name of their folder, such as `models`.
  ///   - folder: Where the program is.
  package static func shippedFolders(_ kind: String, ofProgramIn folder: String? = programFolder) -> [String] {
    guard let folder else { return [] }
    var path = folder.split(separator: "/")
    var folders = ["/" + (path.dropLast() + ["share", "aurl", Substring(kind)]).joined(separator: "/")]
    for _ in 0..<5 where !path.isEmpty {
      folders.append("/" + (path + [Substring(kind)]).joined(separator: "/"))
      path.removeLast()
    }
    return folders
  }

  /// Whether a descriptor is a terminal that understands control sequences; one whose TERM is dumb does not.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 && self["TERM"] != "dumb" }

  /// The processors of this machine.
  package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
