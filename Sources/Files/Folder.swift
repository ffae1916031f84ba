internal import Glibc

/// Functions on folders.
package enum Folder {
  /// Whether a path is a folder or a link to one.
  package static func exists(_ path: String) -> Bool { (try? FileStatus(path: path))?.kind == .folder }

  /// Creates a folder and its parents, if they do not exist.
  package static func create(_ path: String) throws(FileError) {
    guard !exists(path) else { return }
    try createParent(of: path)
    do throws(FileError) { try FileSystem.makeFolder(path) } catch {
      // Another process may have created it meanwhile.
      guard error.code == EEXIST, exists(path) else { throw error }
    }
  }

  /// Creates the parent folder of a file.
  package static func createParent(of path: String) throws(FileError) {
    let folder = path.folderPath
    if folder != path { try create(folder) }
  }

  /// The names of all files and folders in a folder, in no particular order.
  package static func names(in path: String) throws(FileError) -> [String] {
    let (directory, code) = path.withPath { (opendir($0), errno) }
    guard let directory else { throw FileError(path: path, operation: .open, code: code) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(pathBytes: $0.prefix { $0 != 0 }) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

/// The files with certain extensions in a folder and its subfolders.
package struct FolderContents: Sendable {
  /// The paths relative to the folder, sorted.
  package private(set) var files: [String] = []
  /// The errors of unreadable subfolders, by path.
  package private(set) var failures: [FileError] = []

  /// Finds the files with one of the extensions, which are in the form that `hasExtension` takes.
  ///
  /// Names that begin with a dot are skipped. Links to folders are not followed, so that cycles cannot trap the search.
  /// Pipes and devices are skipped, since they may never end; broken links are included.
  ///
  /// - Throws: `FileError` if the folder itself cannot be read. Errors of its subfolders are in `failures`.
  package init(of path: String, extensions: Set<String>) throws(FileError) {
    try search(path, prefix: "", extensions)
    files.sort()
    failures.sort { $0.path < $1.path }
  }

  private mutating func search(_ path: String, prefix: String, _ extensions: Set<String>) throws(FileError) {
    var unknown: FileError?
    for name in try Folder.names(in: path) where !name.hasPrefix(".") {
      let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      let isWanted = extensions.contains { name.hasExtension($0) }
      let kind: FileStatus.Kind
      do throws(FileError) { kind = try FileStatus(path: file, followingLinks: false).kind } catch {
        // The folder may be listed but not searched. Opening such a file reports the reason; other names may be
        // folders.
        if isWanted { files.append(prefix + name) } else if !error.isMissing { unknown = error }
        continue
      }
      switch kind {
      case .folder:
        do throws(FileError) { try search(file, prefix: "\(prefix)\(name)/", extensions) } catch {
          failures.append(error)
        }
      case .file: if isWanted { files.append(prefix + name) }
      case .link:
        let target = (try? FileStatus(path: file))?.kind
        if isWanted, target == .file || target == nil { files.append(prefix + name) }
      case .other: break
      }
    }
    if let unknown { failures.append(FileError(path: path, operation: .open, code: unknown.code)) }
  }
}
