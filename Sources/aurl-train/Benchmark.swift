import ArgumentParser
import Files
import Tensors
import Terminal
import Text
import Training

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine trains.",
    discussion: helpText(
      [
        "The speed of this machine": "aurl train benchmark --preset small"
      ],
      """
      Trains a new model on random tokens, with the default settings of optimizer and losses, and prints a table, and \
      as last line {"tokensPerSecond", "peakBytes", "loss"} as JSON. Nothing is saved.
      """))

  @Option(help: "tiny, small or base.", completion: .list(["tiny", "small", "base"]))
  var preset = Settings().model.preset

  @Option(help: "Windows of a step.")
  var batch = Settings().batch.windows

  @Option(help: "Steps that are measured, after three that are not.")
  var steps = 20

  @Option(help: "Threads of the CPU; else one a processor.")
  var threads: Int?

  @Option(help: "float32 or bfloat16.", completion: .list(["float32", "bfloat16"]))
  var precision = Settings().run.precision.rawValue

  @Option(help: "cpu, cuda or cuda:NUMBER.", completion: .device)
  var device = Settings().run.device

  func validate() throws {
    guard batch > 0, steps > 0, threads ?? 1 > 0 else {
      throw ValidationError("--batch, --steps and --threads take a number over 0")
    }
    guard Settings.Model(preset: preset) != nil else { throw ValidationError("--preset takes tiny, small or base") }
    guard Settings.Precision(rawValue: precision) != nil else {
      throw ValidationError("--precision takes float32 or bfloat16")
    }
    guard Device(device) != nil else { throw ValidationError("--device takes cpu, cuda or cuda:NUMBER") }
  }

  func run() throws {
    var settings = Settings()
    settings.model = Settings.Model(preset: preset) ?? settings.model
    settings.batch.windows = batch
    settings.run.threads = threads
    settings.run.precision = Settings.Precision(rawValue: precision) ?? settings.run.precision
    settings.run.device = device
    let figures = try SpeedTest(settings).measure(steps: steps)
    let json = try JSONText.line(figures)
    try writeToStandardOutput(Array("\(table(figures))\n\(json)\n".utf8))
  }

  private func table(_ figures: SpeedTest.Figures) -> String {
    let columns: [(name: String, value: String)] = [
      ("preset", preset), ("batch", "\(batch)"), ("device", device), ("threads", threads.map(String.init) ?? "all"),
      ("precision", precision), ("tokens/s", decimal(figures.tokensPerSecond, 0)),
      ("peak MB", decimal(Double(figures.peakBytes) / 1e6, 0)), ("nats/token", decimal(figures.loss, 3)),
    ]
    return Text.columns([columns.map(\.name), columns.map(\.value)]).joined(separator: "\n")
  }
}
