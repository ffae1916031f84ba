public import Files
internal import Glibc

/// The folder of a run, and what is in it.
public struct RunFolder: Hashable, Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The model as it is, with the state of its training beside it.
  public var last: String { path + "/last.safetensors" }
  /// The model that was best on held-out pieces, with its state.
  public var best: String { path + "/best.safetensors" }
  public var settings: String { path + "/settings.yaml" }
  public var metrics: String { path + "/metrics.jsonl" }
  public var curves: String { path + "/curves.html" }
  /// The curves as a picture for documents.
  public var picture: String { path + "/curves.svg" }

  /// The last part of the path.
  public var name: String { String(path.split(separator: "/").last ?? "run") }

  public var hasCheckpoint: Bool { access(last, F_OK) == 0 }

  /// Makes the folder and those it is in, where they are missing.
  public func create() throws(FileError) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += (made.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      guard part.isEmpty || part == "." || mkdir(made, 0o777) == 0 || errno == EEXIST else {
        throw FileError(path: path, operation: .create, code: errno)
      }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(path: path, operation: .create, code: ENOTDIR)
    }
  }
}
