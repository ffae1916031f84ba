public import Files

/// Errors of writing audio files.
public enum AudioError: Error, Hashable, Sendable {
  case file(FileError)
  /// The container does not support the requested format; with the reason.
  case unsupported(AudioFormat.Container, reason: String)
  /// libsndfile failed; with its reason.
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
