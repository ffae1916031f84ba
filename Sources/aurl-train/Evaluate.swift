import ArgumentParser
import Datasets
import Files
import ModelFormat
import Tensors
import Terminal
import Text
import Training
import VAEGAN

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on the held-out pieces of a dataset.",
    discussion: helpText(
      [
        "The bound of a model on held-out music": "aurl train evaluate run/best.safetensors dataset"
      ]))

  @Argument(help: "The file of a model.", completion: .model)
  var model: String

  @Argument(help: "The folder of a dataset.", completion: .directory)
  var dataset: String

  @Option(help: "Use so many windows, evenly taken from all.")
  var windows: Int?

  @Option(help: "Windows that are computed at once.")
  var batch = 16

  @Option(help: "The seed of the noise of the latents.")
  var seed = 1

  @Option(help: "cpu, cuda or cuda:NUMBER.", completion: .device)
  var device = "cpu"

  @Option(help: "Threads of the CPU.")
  var threads: Int?

  @OptionGroup var printing: JSONOptions

  func validate() throws {
    guard windows ?? 1 > 0, batch > 0, threads ?? 1 > 0, seed >= 0 else {
      throw ValidationError("--windows, --batch and --threads take a number over 0, --seed one from 0")
    }
    guard Device(device) != nil else { throw ValidationError("--device takes cpu, cuda or cuda:NUMBER") }
  }

  func run() throws {
    let file = try ModelFile(path: model)
    let data = try Dataset(path: dataset)
    let device = Device(device) ?? .cpu
    try device.prepare()
    if let threads { try Runtime.setThreadCount(threads) }
    let network = try VAE(file.configuration, on: device, generator: Generator(seed: 0))
    try network.takeParameters(ofFile: model)
    let heldOut = HeldOut(
      data, window: file.configuration.window, count: windows, batchSize: batch, seed: UInt64(seed))
    guard let losses = try heldOut.losses(of: network) else {
      throw Failure(.malformedInput, dataset, "there are no pieces held out")
    }
    try writeToStandardOutput(
      Array((printing.isJSON ? Self.json(losses) : Self.text(losses, count: heldOut.count)).utf8))
  }

  private static func json(_ losses: Losses) throws -> String {
    try JSONText.line(losses) + "\n"
  }

  private static func text(_ losses: Losses, count: Int) -> String {
    func number(_ value: Double?) -> String { value.map { decimal($0, 4) } ?? "not finite" }
    var lines = [
      "windows         \(count)", "reconstruction  \(number(losses.natsPerToken)) nats/token",
      "bound           \(number(losses.boundNatsPerToken)) nats/token",
    ]
    for level in losses.kl ?? [] {
      lines.append(
        "KL \(level.level)".padded(to: 16)
          + "\(number(level.natsPerToken)) nats/token, \(number(level.natsPerWindow)) nats/window")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
