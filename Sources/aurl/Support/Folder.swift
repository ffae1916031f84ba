import Files
import Glibc

/// Folders that a command reads or fills.
enum Folder {
  /// Whether a path is a folder.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a path is a regular file or leads to one.
  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Makes a folder and those it is in, where they are missing.
  static func create(_ path: String) throws(Failure) {
    guard !exists(path) else { return }
    try createParent(of: path)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && exists(path) else {
      throw Failure(FileError(path: path, operation: .create, code: errno))
    }
  }

  /// Makes the folder that a file is to lie in.
  static func createParent(of path: String) throws(Failure) {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try create(String(path[..<slash])) }
  }

  /// The files below a folder with one of some extensions, sorted, relative to it. Links to folders are not
  /// followed, so that a circle of them does not trap the search; nothing but files is taken, for a pipe may never end.
  static func files(below path: String, extensions: Set<String>) throws(Failure) -> [String] {
    guard let directory = opendir(path) else {
      throw Failure(FileError(path: path, operation: .open, code: errno))
    }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        // A folder that may not be read must not lose the others.
        let inside = (try? files(below: "\(path)/\(name)", extensions: extensions)) ?? []
        found += inside.map { "\(name)/\($0)" }
      } else if extensions.contains(name.fileExtension.lowercased()), isFile("\(path)/\(name)") {
        found.append(name)
      }
    }
    return found.sorted()
  }
}

extension String {
  /// What follows the last dot of a file name; empty where there is none.
  var fileExtension: Substring {
    guard let dot = lastIndex(of: "."), dot != startIndex, self[dot...].firstIndex(of: "/") == nil else { return "" }
    return self[index(after: dot)...]
  }

  /// Without the extension.
  var withoutExtension: String { fileExtension.isEmpty ? self : String(dropLast(fileExtension.count + 1)) }

  /// Without the slashes that may end the name of a folder; `/` stays.
  var withoutTrailingSlashes: String {
    var path = self[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  /// What follows the last slash.
  var fileName: String { String(self[(lastIndex(of: "/").map(index(after:)) ?? startIndex)...]) }
}
