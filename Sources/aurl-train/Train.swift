import ArgumentParser
import Tensors
import Terminal
import Training

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model, or resume its training.",
    discussion: helpText(
      [
        "A model of a dataset": "aurl train dataset -o run",
        "Resume it with more steps": "aurl train --resume -o run --set length.steps=40000",
        "With other settings": "aurl train dataset --config run.yaml --set batch.windows=32",
      ],
      """
      Writes last.safetensors and best.safetensors with the states of their training, settings.yaml, metrics.jsonl \
      and curves.html to the output folder.
      """))

  @OptionGroup var options: RunOptions

  @Option(help: "cpu, cuda or cuda:NUMBER (run.device).", completion: .device)
  var device: String?

  func run() throws {
    RunOptions.listen()
    let assignments = options.assignments(("run.device", device, "--device"))
    var settings = try options.settings.settings(options: assignments)
    let processes = try Self.processes(settings.processes)
    if options.resume, processes.rank == 0 { settings = try options.resumed(settings, assignments, from: \.last) }
    settings = try settings.shared(
      in: processes, own: assignments.filter { ["data.path", "run.device", "run.threads"].contains($0.key) })
    try processes.setTimeout(settings.processes.timeout)
    let data = try RunOptions.dataset(&settings)
    Interruption.handle()
    var progress = ProgressReport(settings.length, isQuiet: options.messages.isQuiet || processes.rank > 0)
    let training = try TrainingRun(settings, on: data, resuming: options.resume, processes: processes)
    progress.begin(training)
    let outcome = try training.train(isInterrupted: { Interruption.signal != nil }, report: { progress.show($0) })
    progress.end(outcome, training)
    Interruption.passOn()
  }

  /// The process group that a launcher has started this process in.
  private static func processes(_ settings: Settings.Processes) throws -> ProcessGroup {
    guard let launch = try Launch({ Environment[$0] }) else { return ProcessGroup() }
    return try ProcessGroup(launch, timeout: settings.joinTimeout)
  }
}
