import ArgumentParser
import Datasets
import Files
import Glibc
import Terminal
import Training

/// The options of the commands that train.
struct RunOptions: ParsableArguments {
  @Argument(help: "The folder of a dataset; \"aurl corpus build\" makes one.", completion: .directory)
  var dataset: String?

  @OptionGroup var settings: SettingsOptions

  @Option(name: .shortAndLong, help: "Folder of the run (run.output).", completion: .directory)
  var output: String?

  @Flag(help: "Resume from the last checkpoint in the output folder, with its settings.")
  var resume = false

  @Option(help: "The random seed (run.seed).")
  var seed: String?

  @Option(help: "Threads of the CPU (run.threads).")
  var threads: String?

  @OptionGroup var messages: QuietOptions

  /// Installs the signal handlers, before anything is read.
  ///
  /// SIGXFSZ and SIGPIPE are ignored, so that reaching a file size limit is an ordinary error, and so that the program
  /// can still save when the reader of its messages ends, as after Ctrl-C in a pipeline.
  static func listen() {
    Interruption.listen()
    for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
  }

  /// The assignments of these options and of the command's own.
  func assignments(_ own: (key: String, value: String?, option: String)...) -> [Assignment] {
    let shared = [
      ("data.path", dataset, "DATASET"), ("run.output", output, "--output"), ("run.seed", seed, "--seed"),
      ("run.threads", threads, "--threads"),
    ]
    return (shared + own).compactMap { key, value, option in
      value.map { Assignment(key, $0, option: "\(option) \($0)") }
    }
  }

  /// The settings of the command line; with `--resume`, on top of those that the run was saved with.
  ///
  /// - Parameters:
  ///   - options: The assignments of the command's options.
  ///   - checkpoint: The file of a run's folder from which it resumes.
  /// - Throws: `TrainingError.noCheckpoint` if there is no checkpoint in the folder.
  func settings(
    _ options: [Assignment], resumingFrom checkpoint: KeyPath<RunFolder, String>
  ) throws -> Settings {
    let settings = try settings.settings(options: options)
    return resume ? try resumed(settings, options, from: checkpoint) : settings
  }

  /// The settings that a run was saved with, overridden by those of the command line, which name its folder.
  func resumed(
    _ settings: Settings, _ options: [Assignment], from checkpoint: KeyPath<RunFolder, String>
  ) throws -> Settings {
    let folder = RunFolder(path: settings.run.output)
    guard FileSystem.isThere(folder[keyPath: checkpoint]) else { throw TrainingError.noCheckpoint(folder.path) }
    var resumed = try self.settings.settings(below: folder.settings, options: options)
    resumed.run.output = folder.path
    return resumed
  }

  /// Opens the dataset that the settings name. From then on their paths are absolute: those that a run is saved with are
  /// right in any folder.
  static func dataset(_ settings: inout Settings) throws -> Dataset {
    defer {
      for path in [\Settings.data.path, \.critic.model, \.critic.initial, \.adversarial.critic, \.model.initial] {
        settings[keyPath: path] = settings[keyPath: path].map { FileSystem.resolved($0) ?? $0 }
      }
    }
    guard let path = settings.data.path else {
      throw ValidationError("name the folder of a dataset, or set data.path")
    }
    if FileSystem.isThere(path), !FileSystem.isThere("\(path)/index.jsonl") {
      throw Failure(
        .malformedInput, path, "no dataset; \"aurl corpus build \(path) -o DATASET\" makes one of MIDI files")
    }
    return try Dataset(path: path)
  }
}
