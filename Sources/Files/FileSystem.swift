internal import Glibc

/// The system calls that take file names. The whole package calls them here, because this is where strings are
/// converted to the bytes of names (see `String.pathBytes`).
package enum FileSystem {
  /// Opens a file; child processes do not inherit the descriptor.
  ///
  /// - Throws: `FileError` with operation `.create` if the flags contain `O_CREAT`, otherwise `.open`.
  package static func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let (descriptor, code) = path.withPath { (Glibc.open($0, flags | O_CLOEXEC, 0o666), errno) }
    guard descriptor >= 0 else {
      throw FileError(path: path, operation: flags & O_CREAT != 0 ? .create : .open, code: code)
    }
    return descriptor
  }

  /// Whether a file of any kind exists, following links.
  package static func isThere(_ path: String) -> Bool { path.withPath { access($0, F_OK) } == 0 }

  package static func isReadable(_ path: String) -> Bool { path.withPath { access($0, R_OK) } == 0 }

  package static func isExecutable(_ path: String) -> Bool { path.withPath { access($0, X_OK) } == 0 }

  /// Renames a file or folder, replacing an existing file.
  package static func rename(_ path: String, to newPath: String) throws(FileError) {
    let (result, code) = path.withPath { old in newPath.withPath { (Glibc.rename(old, $0), errno) } }
    guard result == 0 else { throw FileError(path: newPath, operation: .write, code: code) }
  }

  /// Removes a file.
  package static func remove(_ path: String) throws(FileError) {
    let (result, code) = path.withPath { (unlink($0), errno) }
    guard result == 0 else { throw FileError(path: path, operation: .write, code: code) }
  }

  /// Removes an empty folder.
  package static func removeFolder(_ path: String) throws(FileError) {
    let (result, code) = path.withPath { (rmdir($0), errno) }
    guard result == 0 else { throw FileError(path: path, operation: .write, code: code) }
  }

  /// Creates a folder in an existing one.
  package static func makeFolder(_ path: String) throws(FileError) {
    let (result, code) = path.withPath { (mkdir($0, 0o777), errno) }
    guard result == 0 else { throw FileError(path: path, operation: .create, code: code) }
  }

  /// Links an open, unnamed file to a name.
  static func link(_ descriptor: Int32, as path: String) throws(FileError) {
    let (result, code) = path.withPath {
      (linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW), errno)
    }
    guard result == 0 else { throw FileError(path: path, operation: .write, code: code) }
  }

  /// The absolute path with links resolved; nil if there is no such file.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = path.withPath({ realpath($0, nil) }) else { return nil }
    defer { free(resolved) }
    return String(path: resolved)
  }

  /// The value of an environment variable as the text of a name; nil if it is empty or not set.
  package static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(path: value)
  }

  /// The path of this program with links resolved; nil if unknown.
  package static var program: String? { resolved("/proc/self/exe") }

  /// Runs another program with no input and discarded output, and waits for its end.
  ///
  /// - Parameter environment: `NAME=value`, in addition to the environment of this program.
  /// - Returns: its exit status, or 128 plus the number of the signal that ended it.
  /// - Throws: `FileError` if it cannot be started.
  package static func run(
    _ path: String, _ arguments: [String], environment: [String] = []
  ) throws(FileError) -> Int32 {
    var strings = ([path] + arguments).map { argument in argument.withPath { strdup($0) } } + [nil]
    var variables = environment.map { strdup($0) }
    var inherited = environ
    while let variable = inherited.pointee {
      variables.append(strdup(variable))
      inherited += 1
    }
    variables.append(nil)
    defer { for string in strings + variables { free(string) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var process = pid_t()
    let code = path.withPath { posix_spawn(&process, $0, &actions, nil, &strings, &variables) }
    guard code == 0 else { throw FileError(path: path, operation: .open, code: code) }
    var status = Int32(0)
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw FileError(path: path, operation: .read, code: errno) }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Replaces this process by another program (exec); returns only on failure.
  package static func execute(_ path: String, _ arguments: [String]) throws(FileError) -> Never {
    var strings = ([path] + arguments).map { argument in argument.withPath { strdup($0) } } + [nil]
    let code = path.withPath { path in
      execv(path, &strings)
      return errno
    }
    throw FileError(path: path, operation: .open, code: code)
  }
}
