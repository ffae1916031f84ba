package import Files

/// The folder of a run, and what is in it.
package struct RunFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The model as it is, with the state of its training beside it.
  package var last: String { path + "/last.safetensors" }
  /// The model that was best on held-out pieces, with its state.
  package var best: String { path + "/best.safetensors" }
  package var settings: String { path + "/settings.yaml" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var curves: String { path + "/curves.html" }
  /// The curves as a picture for documents.
  package var picture: String { path + "/curves.svg" }

  /// The last part of the path.
  package var name: String { String(path.split(separator: "/").last ?? "run") }

  package var hasCheckpoint: Bool { FileSystem.isThere(last) }

  /// Makes the folder and those it is in, where they are missing.
  package func create() throws(FileError) {
    do throws(FileError) { try Folder.create(path) } catch {
      throw FileError(path: path, operation: .create, code: error.code)
    }
  }
}
