internal import Glibc

/// What the system knows of a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Sendable {
    case file, folder, link
    /// A pipe, a socket or a device.
    case other
  }

  /// What tells a file from all others, whatever its names are.
  package struct Identity: Hashable, Sendable {
    var device: UInt64
    var number: UInt64
  }

  package var kind: Kind
  /// In bytes.
  package var size: Int
  /// When the content changed last, in ns since 1970.
  package var modified: Int
  package var identity: Identity
  /// Who may read, write and execute it.
  var permissions: UInt32

  /// - Parameter followingLinks: whether a link counts as what it leads to.
  /// - Throws: `FileError` where there is no such file, or a folder before it may not be entered.
  package init(path: String, followingLinks: Bool = true) throws(FileError) {
    var status = stat()
    let (result, code) = path.withPath { ((followingLinks ? stat($0, &status) : lstat($0, &status)), errno) }
    guard result == 0 else { throw FileError(path: path, operation: .open, code: code) }
    self.init(status)
  }

  /// The status of an open file; `path` is for the error.
  package init(descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, operation: .read, code: errno) }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    permissions = status.st_mode & 0o777
  }
}
