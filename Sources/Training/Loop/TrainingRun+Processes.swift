internal import Layers
internal import Tensors
internal import VAEGAN

extension TrainingRun {
  /// Distributes the state of process 0 to all processes, so that only it needs the folder of the run; from then on
  /// their generators are in step.
  static func share(
    _ progress: inout Progress, _ model: VAE, _ optimizer: AdamW, _ average: MovingAverage?, _ generator: Generator,
    in processes: ProcessGroup
  ) throws {
    guard processes.count > 1 else { return }
    try processes.share(
      model.parameters.all + optimizer.firstMoments + optimizer.secondMoments + (average?.averages ?? []))
    try generator.restore(processes.share(generator.state()))
    generator.part = (processes.rank, processes.count)
    guard let shared = Progress(json: try processes.share(progress.json())) else {
      preconditionFailure("what one process writes another can read")
    }
    progress = shared
    optimizer.step = progress.optimizerStep
    average?.step = progress.averageStep
  }
}
