internal import Layers
internal import ModelFormat
internal import Tensors
package import VAEGAN

/// A checkpoint: a model and its training state, a pair of files of `ModelFormat`.
///
/// If there is a moving average, the model's file holds it, and the state holds the parameters and buffers themselves
/// (`parameter.NAME`). The state holds the optimizer's moments (`firstMoment.NAME`, `secondMoment.NAME`), the
/// `generator`, and the `progress` as JSON.
enum Checkpoint {
  private static let progressKey = "progress"
  private static let generatorName = "generator"

  static func save(
    _ path: String, _ model: VAE, _ optimizer: AdamW, _ average: MovingAverage?, _ generator: Generator,
    progress: Progress, dataHash: String, metrics: [String: Double]
  ) throws {
    var progress = progress
    progress.optimizerStep = optimizer.step
    progress.averageStep = average?.step ?? 0
    let json = String(decoding: try progress.json(), as: UTF8.self)
    let generatorState = try generator.state()
    let tensors = stateTensors(model, optimizer, average)
    let layouts =
      tensors.map { TensorLayout($0.name, .float32, $0.tensor.shape) }
      + [TensorLayout(generatorName, .uint8, [generatorState.count])]
    var writer = try CheckpointWriter(
      path: path,
      metadata: ModelMetadata(
        configuration: model.configuration, dataHash: dataHash, step: progress.step, metrics: metrics),
      state: layouts, stateMetadata: [progressKey: json])
    for (description, tensor) in try named(model, average) { try writer.model.write(tensor.floats(), to: description) }
    for (name, tensor) in tensors {
      let values = try tensor.floats()
      // Such a state could not be read again, and must not replace a valid one.
      guard values.allSatisfy(\.isFinite) else {
        throw ModelFormatError.content(path: writer.state.path, tensor: name, reason: "is infinite or not a number")
      }
      try writer.state.write(values, to: name)
    }
    try writer.state.write(generatorState, to: generatorName)
    try writer.commit()
  }

  /// Restores a checkpoint.
  ///
  /// - Throws: `ModelFormatError`, or `TrainingError.mismatch` if it belongs to another model or other data.
  static func load(
    _ path: String, into model: VAE, _ optimizer: AdamW, _ average: MovingAverage?, _ generator: Generator,
    dataHash: String
  ) throws -> Progress {
    let file = try ModelFile(path: path)
    guard file.configuration == model.configuration else {
      throw TrainingError.mismatch(path: path, "its model differs from that of the settings")
    }
    guard file.metadata.dataHash == dataHash else {
      throw TrainingError.mismatch(path: path, "it was trained on other data, so that its place in them is unknown")
    }
    let state = try TrainingState(of: file)
    guard let progress = Progress(json: Array((state.file.metadata[progressKey] ?? "").utf8)),
      progress.isPossible(for: model.configuration)
    else {
      throw TrainingError.mismatch(
        path: state.file.path, "its progress is missing or impossible")
    }
    for tensor in model.parameters.all { try tensor.assign(file.floats(named: tensor.name ?? ""), from: path) }
    for (tensor, average) in zip(model.parameters.all, average?.averages ?? []) { try average.assign(tensor) }
    // Parameters that are not in the state come from the model's file, with which the average was initialized.
    for (name, tensor) in stateTensors(model, optimizer, average, hasParameters: true) {
      guard let stored = state.file[name] else {
        if name.hasPrefix("parameter.") { continue }
        throw TrainingError.mismatch(path: state.file.path, "it has no tensor \(name)")
      }
      try tensor.assign(stored.floats, from: state.file.path)
    }
    guard let drawn = state.file[generatorName] else {
      throw TrainingError.mismatch(path: state.file.path, "it has no state of the generator")
    }
    try generator.restore(drawn.withUnsafeBytes { Array($0) })
    optimizer.step = progress.optimizerStep
    average?.step = progress.averageStep
    return progress
  }

  /// The tensors of the model's file: averages if there are any, else parameters and buffers.
  static func named(_ model: VAE, _ average: MovingAverage?) throws -> [(TensorDescription, Tensor)] {
    var tensors: [String: Tensor] = [:]
    for tensor in model.parameters.all { tensors[tensor.name ?? ""] = tensor }
    for (tensor, average) in zip(model.parameters.all, average?.averages ?? []) { tensors[tensor.name ?? ""] = average }
    return model.configuration.tensors.map { description in
      guard let tensor = tensors[description.name] else {
        preconditionFailure("the model has no tensor \(description.name)")
      }
      return (description, tensor)
    }
  }

  private static func stateTensors(
    _ model: VAE, _ optimizer: AdamW, _ average: MovingAverage?, hasParameters: Bool = false
  ) -> [(name: String, tensor: Tensor)] {
    let names = optimizer.parameters.names
    let parameters = average != nil || hasParameters ? model.parameters.all : []
    return zip(parameters.names, parameters).map { ("parameter." + $0, $1) }
      + zip(names, optimizer.firstMoments).map { ("firstMoment." + $0, $1) }
      + zip(names, optimizer.secondMoments).map { ("secondMoment." + $0, $1) }
  }
}

extension [Tensor] {
  fileprivate var names: [String] { map { $0.name ?? "" } }
}

extension Tensor {
  /// Assigns the numbers of a file.
  fileprivate func assign(_ values: [Float], from path: String) throws {
    guard values.count == count else {
      throw TrainingError.mismatch(path: path, "\(name ?? "a tensor") has \(values.count) numbers there, not \(count)")
    }
    try assign(Tensor(values, shape, on: device))
  }
}

extension VAE {
  /// Initializes the parameters from a trained model, which may have another window, another prior of the first global
  /// latents, and no charts; parameters that it lacks keep their initial values.
  ///
  /// - Returns: Whether it has another prior of the first global latents.
  /// - Throws: `ModelFormatError`, or `TrainingError.mismatch` if its tensors differ.
  @discardableResult
  package func takeParameters(ofFile path: String) throws -> Bool {
    let file = try ModelFile(path: path)
    let there = Set(file.configuration.tensors)
    let missing = configuration.tensors.filter { !there.contains($0) }
    let optional = ["prior.global.", "chart.", "decoder.chart.", "decoder.chords."]
    guard missing.allSatisfy({ tensor in optional.contains { tensor.name.hasPrefix($0) } }) else {
      throw TrainingError.mismatch(path: path, "its model differs from that of the settings")
    }
    for tensor in parameters.all where !missing.contains(where: { $0.name == tensor.name }) {
      try tensor.assign(file.floats(named: tensor.name ?? ""), from: path)
    }
    return missing.contains { $0.name.hasPrefix("prior.global.") }
  }
}
