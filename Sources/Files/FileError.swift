internal import Glibc

/// A file that could not be read or written.
public struct FileError: Error, Hashable, Sendable {
  /// What was attempted.
  public enum Operation: Sendable {
    case open, read, create, write
  }

  /// The path of the file, as given.
  public var path: String
  /// What failed.
  public var operation: Operation
  /// The system's error number.
  public var code: Int32

  /// Creates an error from the number of a system error (`errno`).
  public init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  /// Whether there is no such file.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// The system's reason, such as "No such file or directory".
  public var reason: String { String(cString: strerror(code)) }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    let verb =
      switch operation {
      case .open: "cannot be opened"
      case .read: "cannot be read"
      case .create: "cannot be created"
      case .write: "cannot be written"
      }
    return "\(verb): \(reason.prefix(1).lowercased() + reason.dropFirst())"
  }
}
