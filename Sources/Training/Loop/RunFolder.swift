package import Files

/// The folder of a run and the paths of its files.
package struct RunFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The latest model of a training or adversarial run, with its training state in a second file.
  package var last: String { path + "/last.safetensors" }
  /// The model with the lowest held-out bound, with its training state.
  package var best: String { path + "/best.safetensors" }
  /// The calibrated critic, for use by `Inference`.
  package var critic: String { path + "/critic.safetensors" }
  /// The latest critic with its training state.
  package var criticState: String { path + "/critic.state.safetensors" }
  /// The parameters that the takes of an adversarial step are sampled with.
  var policy: String { path + "/policy.safetensors" }
  package var settings: String { path + "/settings.yaml" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var curves: String { path + "/curves.html" }
  /// The training curves as an SVG picture.
  package var picture: String { path + "/curves.svg" }

  /// The last component of the path.
  package var name: String { String(path.split(separator: "/").last ?? "run") }

  package var hasCheckpoint: Bool { FileSystem.isThere(last) }

  /// Creates the folder and its parents if they do not exist.
  package func create() throws(FileError) {
    do throws(FileError) { try Folder.create(path) } catch {
      throw FileError(path: path, operation: .create, code: error.code)
    }
  }
}
