import ArgumentParser
import Files
import ModelFormat
import Terminal
import Text
import Training

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export a trained model as a small file for use and distribution.",
    discussion: helpText(
      [
        "A small file of a trained model": "aurl train export run/best.safetensors -o model.safetensors"
      ],
      """
      The file has the averaged parameters but not the state of training, so that training cannot be resumed from it, \
      though a new run can start from it (model.initial). It keeps the metrics, the configuration and the hash of the data.
      """))

  @Argument(
    help: "The file of a model or a critic, or the folder of a run, whose best model or critic is exported.",
    completion: .model)
  var model: String

  @Option(name: .shortAndLong, help: "Where the file goes.", completion: .model)
  var output: String

  @Option(help: "The precision of matrices: float32, float16, or int8 with a scale for each row.")
  var type = NumberType.float16

  enum NumberType: String, CaseIterable, ExpressibleByArgument {
    case float32, float16, int8

    var precision: ModelWriter.Precision {
      switch self {
      case .float32: .single
      case .float16: .half
      case .int8: .int8
      }
    }
  }

  func run() throws {
    let best = RunFolder(path: model).best
    let critic = RunFolder(path: model).critic
    let input = FileSystem.isThere(best) ? best : FileSystem.isThere(critic) ? critic : model
    if let file = try? CriticFile(path: input) { return try write(file) }
    let file = try ModelFile(path: input)
    guard try (try? FileStatus(path: output))?.identity != FileStatus(path: input).identity else {
      throw Failure(.cannotCreate, output, "is the model that is read; name another file for the result")
    }
    // Without its pair, the other file of the checkpoint would be useless.
    guard (try? SafetensorsFile(path: output))?.metadata["pair"] == nil else {
      throw Failure(
        .cannotCreate, output, "is part of a checkpoint, from which training can resume; choose another name")
    }
    try file.write(to: output, precision: type.precision)
    note(
      bytes: try ModelFile(path: output).file.tensors.reduce(0) { $0 + $1.layout.byteCount }, step: file.metadata.step)
  }

  private func write(_ critic: CriticFile) throws {
    guard try (try? FileStatus(path: output))?.identity != FileStatus(path: critic.path).identity else {
      throw Failure(.cannotCreate, output, "is the critic that is read; name another file for the result")
    }
    try critic.write(to: output, precision: type.precision)
    note(
      bytes: try CriticFile(path: output).file.tensors.reduce(0) { $0 + $1.layout.byteCount },
      step: critic.metadata.step)
  }

  private func note(bytes: Int, step: Int) {
    Message.note("\(output): \(type.rawValue), \(decimal(Double(bytes) / 1e6, 1)) MB, step \(step)")
  }
}
