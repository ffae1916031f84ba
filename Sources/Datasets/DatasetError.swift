public import Files

/// Why a dataset could not be read or written.
public enum DatasetError: Error, Hashable, Sendable {
  /// The system refused to read or write a file.
  case file(FileError)
  /// A file is not what a dataset of this version has there.
  case malformed(path: String, reason: String)
  /// A dataset cannot be written where something else is, or where another program writes one.
  case occupied(path: String, reason: String)

  /// The file that the error is about.
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
