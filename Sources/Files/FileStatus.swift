internal import Glibc

/// The type, identity, size and times of a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Sendable {
    case file, folder, link
    /// A pipe, a socket or a device.
    case other
  }

  /// The identity of a file, independent of its names.
  package struct Identity: Hashable, Sendable {
    var device: UInt64
    var number: UInt64
  }

  package var kind: Kind
  /// The size in bytes.
  package var size: Int
  /// The time of the last modification, in ns since 1970.
  package var modified: Int
  package var identity: Identity
  /// The permission bits.
  var permissions: UInt32

  /// - Parameter followingLinks: whether to follow symbolic links.
  /// - Throws: `FileError` if there is no such file, or a parent folder cannot be searched.
  package init(path: String, followingLinks: Bool = true) throws(FileError) {
    var status = stat()
    let (result, code) = path.withPath { ((followingLinks ? stat($0, &status) : lstat($0, &status)), errno) }
    guard result == 0 else { throw FileError(path: path, operation: .open, code: code) }
    self.init(status)
  }

  /// The status of an open file; `path` is for error messages.
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
