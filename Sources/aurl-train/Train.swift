import ArgumentParser
import Datasets
import Glibc
import Tensors
import Training

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model, or go on training it.",
    discussion: """
      Writes last.safetensors and best.safetensors with the states of their training, settings.yaml, metrics.jsonl \
      and curves.html to the output folder.
      """)

  @Argument(help: "The folder of a dataset; \"aurl corpus build\" makes one.")
  var dataset: String?

  @OptionGroup var settings: SettingsOptions

  @Option(name: .shortAndLong, help: "Folder of the run (run.output).")
  var output: String?

  @Flag(help: "Go on from the last checkpoint in the output folder, with its settings.")
  var resume = false

  @Option(help: "Where all randomness comes from (run.seed).")
  var seed: String?

  @Option(help: "cpu, cuda or cuda:NUMBER (run.device).")
  var device: String?

  @Option(help: "Threads of the CPU (run.threads).")
  var threads: String?

  @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
  var quiet = false

  func run() throws {
    Interruption.listen()
    let options = [
      ("data.path", dataset, "DATASET"), ("run.output", output, "--output"), ("run.seed", seed, "--seed"),
      ("run.device", device, "--device"), ("run.threads", threads, "--threads"),
    ].compactMap { key, value, option in value.map { Assignment(key, $0, option: "\(option) \($0)") } }
    var resolved = try settings.settings(options: options)
    let processes = try Self.processes(resolved.processes)
    let folder = RunFolder(path: resolved.run.output)
    if resume, processes.rank == 0 {
      guard folder.hasCheckpoint else { throw TrainingError.noCheckpoint(folder.path) }
      resolved = try settings.settings(below: folder.settings, options: options)
      resolved.run.output = folder.path
    }
    resolved = try resolved.shared(
      in: processes, own: options.filter { ["data.path", "run.device", "run.threads"].contains($0.key) })
    try processes.setTimeout(resolved.processes.timeout)
    guard let path = resolved.data.path else {
      throw ValidationError("name the folder of a dataset, or set data.path")
    }
    let data = try Self.dataset(path)
    Interruption.hold()
    var progress = ProgressReport(resolved.length, isQuiet: quiet || processes.rank > 0)
    let run = try TrainingRun(resolved, on: data, resuming: resume, processes: processes)
    progress.begin(run)
    let outcome = try run.train(isInterrupted: { Interruption.isThere }, report: { progress.show($0) })
    progress.end(outcome, run)
    Interruption.passOn()
  }

  /// The others that a launcher has started with this process.
  private static func processes(_ settings: Settings.Processes) throws -> ProcessGroup {
    guard let launch = try Launch({ name in getenv(name).map { String(cString: $0) } }) else { return ProcessGroup() }
    return try ProcessGroup(launch, patience: settings.patience)
  }

  private static func dataset(_ path: String) throws -> Dataset {
    if access(path, F_OK) == 0, access("\(path)/index.jsonl", F_OK) != 0 {
      throw Failure(
        .malformedInput, "\(path): no dataset; \"aurl corpus build \(path) -o DATASET\" makes one of MIDI files")
    }
    return try Dataset(path: path)
  }
}
