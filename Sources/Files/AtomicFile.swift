internal import Glibc

/// A file that appears under its name only when it is complete.
///
/// The bytes are written to an unnamed file in the same folder, so that nothing is left behind if the program ends
/// early; `commit()` links it to its name and replaces an existing file, whose permissions it keeps. If the file system
/// does not support unnamed files, a hidden temporary file is used. A destination that is not a regular file
/// (`/dev/stdout`, a named pipe) is written directly.
public struct AtomicFile: ~Copyable {
  /// The path of the destination, as given.
  public let path: String
  /// The file descriptor, for libraries that write to it themselves; owned by this value.
  public let descriptor: Int32

  private enum Place {
    case nameless
    case neighbor(String)
    case direct
  }
  private let place: Place
  /// The real destination: the path, or the target of a symbolic link.
  private let target: String
  private var isCommitted = false

  /// Prepares to write the file at `path`.
  ///
  /// - Throws: `FileError` if the folder is missing or not writable.
  public init(path: String) throws(FileError) {
    self.path = path
    target = Self.resolved(path)
    (descriptor, place) = try Self.create(target, path: path)
  }

  private static func create(_ target: String, path: String) throws(FileError) -> (Int32, Place) {
    let status = try? FileStatus(path: path)
    do throws(FileError) {
      switch status?.kind {
      case .folder: throw FileError(path: path, operation: .create, code: EISDIR)
      case .other: return (try FileSystem.open(path, O_WRONLY), .direct)
      default:
        let (descriptor, place) = try create(target)
        // Keep the permissions of an existing file. If that is not allowed the file can still be written.
        if let status { _ = fchmod(descriptor, status.permissions) }
        return (descriptor, place)
      }
    } catch { throw FileError(path: path, operation: .create, code: error.code) }
  }

  private static func create(_ target: String) throws(FileError) -> (Int32, Place) {
    do throws(FileError) { return (try FileSystem.open(target.folderPath, namelessFlag | O_RDWR), .nameless) } catch {
      guard error.code != EACCES, error.code != ENOENT else { throw error }
      let neighbor = neighbor(of: target)
      return (try FileSystem.open(neighbor, O_RDWR | O_CREAT | O_EXCL), .neighbor(neighbor))
    }
  }

  /// Appends bytes.
  public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
    let failure: Int32? =
      bytes.withContiguousStorageIfAvailable { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
      ?? Array(bytes).withUnsafeBytes { writeAll($0, to: descriptor) }
    if let failure, failure != 0 { throw FileError(path: path, operation: .write, code: failure) }
  }

  /// Appends text as UTF-8.
  public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Writes bytes at an offset from the start, overwriting what is there. Not possible on pipes.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let failure = writeAll(bytes, to: descriptor, at: offset)
    if failure != 0 { throw FileError(path: path, operation: .write, code: failure) }
  }

  /// Renames the finished file to its destination.
  ///
  /// - Parameter isDurable: Whether to sync the file and its name to disk before returning, so that after a crash
  ///   either the previous file or the complete new one exists. This is slow.
  public consuming func commit(isDurable: Bool = false) throws(FileError) {
    if isDurable { try Self.synchronize(descriptor, path: path) }
    switch place {
    case .direct:
      break
    case .nameless:
      // A link cannot replace an existing file; that takes a rename.
      if try !link(as: target) {
        let neighbor = Self.neighbor(of: target)
        guard try link(as: neighbor) else { throw FileError(path: path, operation: .write, code: EEXIST) }
        try rename(neighbor)
      }
    case .neighbor(let name):
      try rename(name)
    }
    isCommitted = true
    if isDurable { try Self.synchronizeFolder(of: target, path: path) }
  }

  /// Links the unnamed file to a name; false if the name is taken.
  private func link(as name: String) throws(FileError) -> Bool {
    do throws(FileError) {
      try FileSystem.link(descriptor, as: name)
      return true
    } catch {
      guard error.code == EEXIST else { throw FileError(path: path, operation: .write, code: error.code) }
      return false
    }
  }

  private func rename(_ name: String) throws(FileError) {
    do throws(FileError) { try FileSystem.rename(name, to: target) } catch {
      try? FileSystem.remove(name)
      throw FileError(path: path, operation: .write, code: error.code)
    }
  }

  private static func synchronize(_ descriptor: Int32, path: String) throws(FileError) {
    // Pipes and devices cannot be synced.
    guard fsync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return }
    throw FileError(path: path, operation: .write, code: errno)
  }

  private static func synchronizeFolder(of target: String, path: String) throws(FileError) {
    // A folder that is writable but not readable cannot be opened for syncing.
    guard let descriptor = try? FileSystem.open(target.folderPath, O_RDONLY | O_DIRECTORY) else { return }
    defer { close(descriptor) }
    try synchronize(descriptor, path: path)
  }

  deinit {
    close(descriptor)
    if case .neighbor(let name) = place, !isCommitted { try? FileSystem.remove(name) }
  }

  /// O_TMPFILE, a macro that Swift does not import: __O_TMPFILE (0o20000000) and O_DIRECTORY.
  private static let namelessFlag = 0o20_000_000 | O_DIRECTORY

  private static func resolved(_ path: String) -> String {
    let isLink = (try? FileStatus(path: path, followingLinks: false))?.kind == .link
    return isLink ? FileSystem.resolved(path) ?? path : path
  }

  private static func neighbor(of path: String) -> String {
    "\(path.folderPath)/.\(path.fileName).\(getpid()).\(UInt32.random(in: 0 ... .max))"
  }
}
