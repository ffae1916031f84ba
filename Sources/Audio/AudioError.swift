public import Files

/// Sound that could not be written.
public enum AudioError: Error, Hashable, Sendable {
  case file(FileError)
  /// The container cannot hold what was asked for, and why.
  case unsupported(AudioFormat.Container, reason: String)
  /// libsndfile refused, with its reason.
  case library(path: String, reason: String)
}

extension AudioError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .unsupported(let container, let reason): "\(container.rawValue.uppercased()) \(reason)"
    case .library(_, let reason): "cannot be written: \(reason)"
    }
  }
}
