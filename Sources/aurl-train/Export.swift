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
        "A small file of a trained model": "aurl train export run/best.safetensors -o model.safetensors",
        "The mean of two models": "aurl train export first second -o model.safetensors --type int8",
      ],
      """
      The file has the averaged parameters but not the state of training, so that training cannot be resumed from it, \
      though a new run can start from it (model.initial). It keeps the configuration, the hash of the data and the \
      metrics. Of several models that were trained from the same one, the mean of their parameters is exported, which is \
      usually better than each of them; it has no metrics, and the hash of the data only if all have the same.
      """))

  @Argument(
    help: "The files of models or a critic, or the folders of runs, whose best model or critic is exported.",
    completion: .model)
  var models: [String]

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
    let inputs = models.map { model in
      let folder = RunFolder(path: model)
      return [folder.best, folder.critic].first(where: FileSystem.isThere) ?? model
    }
    for input in inputs {
      guard try (try? FileStatus(path: output))?.identity != FileStatus(path: input).identity else {
        throw Failure(.cannotCreate, output, "is one of the files that are read; name another file for the result")
      }
    }
    if inputs.count == 1, let critic = try? CriticFile(path: inputs[0]) {
      try critic.write(to: output, precision: type.precision)
      return note(of: try CriticFile(path: output), step: critic.metadata.step)
    }
    let models = try inputs.map(ModelFile.init(path:))
    // Without its pair, the other file of the checkpoint would be useless.
    guard (try? SafetensorsFile(path: output))?.metadata["pair"] == nil else {
      throw Failure(
        .cannotCreate, output, "is part of a checkpoint, from which training can resume; choose another name")
    }
    if models.count == 1 {
      try models[0].write(to: output, precision: type.precision)
    } else {
      try ModelFile.writeAverage(of: models, to: output, precision: type.precision)
    }
    note(of: try ModelFile(path: output), step: models[0].metadata.step)
  }

  private func note(of exported: some WeightFile, step: Int) {
    let bytes = exported.file.tensors.reduce(0) { $0 + $1.layout.byteCount }
    Message.note("\(output): \(type.rawValue), \(decimal(Double(bytes) / 1e6, 1)) MB, step \(step)")
  }
}
