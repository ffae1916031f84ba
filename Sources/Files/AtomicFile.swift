internal import Glibc

/// A file that appears under its name only when it is complete.
///
/// The bytes go to a file without a name in the same folder, so that nothing stays behind whatever ends the
/// program; `commit()` gives it its name and replaces what was there, whose permissions it keeps. Where the file
/// system has no nameless files, a hidden neighbour is used. A destination that is not a regular file
/// (`/dev/stdout`, a named pipe) is written directly.
public struct AtomicFile: ~Copyable {
  public let path: String
  /// For libraries that write to a descriptor themselves; owned by this value.
  public let descriptor: Int32

  private enum Place {
    case nameless
    case neighbour(String)
    case direct
  }
  private let place: Place
  /// Where the file really is: the path, or what it links to.
  private let target: String
  private var isCommitted = false

  /// Prepares to write the file at `path`.
  ///
  /// - Throws: `FileError` where the folder is missing or not writable.
  public init(path: String) throws(FileError) {
    self.path = path
    target = Self.resolved(path)
    (descriptor, place) = try Self.create(target, path: path)
  }

  private static func create(_ target: String, path: String) throws(FileError) -> (Int32, Place) {
    var status = stat()
    var descriptor: Int32
    var place: Place
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw FileError(path: path, operation: .create, code: EISDIR)
      }
      (descriptor, place) = (open(path, O_WRONLY | O_CLOEXEC), .direct)
    } else {
      (descriptor, place) = (open(folder(of: target), namelessFlag | O_RDWR | O_CLOEXEC, 0o666), .nameless)
      if descriptor < 0, errno != EACCES, errno != ENOENT {
        let neighbour = neighbour(of: target)
        (descriptor, place) = (open(neighbour, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666), .neighbour(neighbour))
      }
    }
    guard descriptor >= 0 else { throw FileError(path: path, operation: .create, code: errno) }
    // What was private stays so. Where that is not allowed the file still can be written.
    if exists, status.st_mode & S_IFMT == S_IFREG { _ = fchmod(descriptor, status.st_mode & 0o777) }
    return (descriptor, place)
  }

  /// Appends bytes.
  public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
    let failure: Int32? =
      bytes.withContiguousStorageIfAvailable { writeAll($0, to: descriptor) }
      ?? Array(bytes).withUnsafeBufferPointer { writeAll($0, to: descriptor) }
    if let failure, failure != 0 { throw FileError(path: path, operation: .write, code: failure) }
  }

  /// Appends text as UTF-8.
  public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Writes bytes at an offset from the start, whatever is there and beyond. A pipe has no offsets.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let failure = writeAll(bytes, to: descriptor, at: offset)
    if failure != 0 { throw FileError(path: path, operation: .write, code: failure) }
  }

  /// Gives the finished file its name.
  ///
  /// - Parameter isDurable: Whether the file and its name are on the disk before this returns, so that a machine that
  ///   stops has either what was there before or all of the new file. It takes as long as the disk does.
  public consuming func commit(isDurable: Bool = false) throws(FileError) {
    if isDurable { try Self.synchronize(descriptor, path: path) }
    switch place {
    case .direct:
      break
    case .nameless:
      // A link does not replace a file; where there is one, it takes a rename.
      if try !link(as: target) {
        let neighbour = Self.neighbour(of: target)
        guard try link(as: neighbour) else { throw FileError(path: path, operation: .write, code: EEXIST) }
        try Self.rename(neighbour, to: target)
      }
    case .neighbour(let name):
      try Self.rename(name, to: target)
    }
    isCommitted = true
    if isDurable { try Self.synchronizeFolder(of: target, path: path) }
  }

  /// Gives the nameless file a name; false where it is taken.
  private func link(as name: String) throws(FileError) -> Bool {
    if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 { return true }
    guard errno == EEXIST else { throw FileError(path: path, operation: .write, code: errno) }
    return false
  }

  private static func synchronize(_ descriptor: Int32, path: String) throws(FileError) {
    // Pipes and devices have nothing to wait for.
    guard fsync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return }
    throw FileError(path: path, operation: .write, code: errno)
  }

  private static func synchronizeFolder(of target: String, path: String) throws(FileError) {
    let descriptor = open(folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may be written but not read cannot be waited for.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    try synchronize(descriptor, path: path)
  }

  deinit {
    close(descriptor)
    if case .neighbour(let name) = place, !isCommitted { unlink(name) }
  }

  private static func rename(_ name: String, to path: String) throws(FileError) {
    guard Glibc.rename(name, path) == 0 else {
      let code = errno
      unlink(name)
      throw FileError(path: path, operation: .write, code: code)
    }
  }

  /// O_TMPFILE, a macro that Swift does not import: __O_TMPFILE (0o20000000) and O_DIRECTORY.
  private static let namelessFlag = 0o20_000_000 | O_DIRECTORY

  private static func resolved(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let resolved = realpath(path, nil) else {
      return path
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func neighbour(of path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    return "\(folder(of: path))/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max))"
  }
}
