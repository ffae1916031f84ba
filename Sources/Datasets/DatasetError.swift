public import Files

/// Why a dataset could not be read or written.
public enum DatasetError: Error, Hashable, Sendable {
  /// A file could not be read or written.
  case file(FileError)
  /// A file is not a valid part of a dataset of this version.
  case malformed(path: String, reason: String)
  /// The destination is in use: something else is there, or another program is writing a dataset there.
  case occupied(path: String, reason: String)

  /// The file that caused the error.
  public var path: String {
    switch self {
    case .file(let error): error.path
    case .malformed(let path, _), .occupied(let path, _): path
    }
  }
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(_, let reason), .occupied(_, let reason): reason
    }
  }
}
