internal import Files
internal import Glibc

/// The environment of the process. Programs read it here; libraries get values as parameters.
package enum Environment {
  /// The value of an environment variable; nil if it is unset or empty.
  package static subscript(name: String) -> String? { FileSystem.environment(name) }

  /// The folder of the program's file, with symbolic links resolved; nil if it is unknown.
  package static let programFolder: String? = FileSystem.program?.folderPath

  /// The user's folder for data (XDG Base Directory Specification); nil if HOME is not set either.
  package static var dataFolder: String? {
    self["XDG_DATA_HOME"] ?? self["HOME"].map { "\($0)/.local/share" }
  }

  /// Where files that ship with the program may be, in order of preference: in `share` beside an installed
  /// program, beside the program itself, or in the checkout whose build folder contains the program.
  ///
  /// - Parameters:
  ///   - kind: The name of the folder of these files, such as `models`.
  ///   - folder: The folder of the program.
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

  /// Whether a descriptor is a terminal that understands control sequences (TERM is not `dumb`).
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 && self["TERM"] != "dumb" }

  /// The number of processors of this machine.
  package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
