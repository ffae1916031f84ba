package import Tensors

/// Why training cannot begin or go on.
package enum TrainingError: Error, Hashable, Sendable {
  /// A run is there already.
  case exists(String)
  /// There is no run to go on with.
  case noCheckpoint(String)
  /// A checkpoint is not of this run.
  case mismatch(path: String, String)
  /// The dataset cannot be trained on.
  case unusableData(path: String, String)
  /// A model has no takes that a critic could learn from.
  case unusableModel(path: String, String)
  /// So many steps in a row were not finite.
  case diverged(steps: Int, at: Int, TensorError)
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exists(let path):
      "\(path): there is a run already; go on with it by --resume, or name another folder with --output"
    case .noCheckpoint(let path): "\(path): no checkpoint to resume from"
    case .mismatch(let path, let reason), .unusableData(let path, let reason), .unusableModel(let path, let reason):
      "\(path): \(reason)"
    case .diverged(let steps, let step, let cause):
      "\(steps) steps in a row were skipped, up to step \(step) (\(cause)); lower optimizer.learningRate or optimizer.clip, "
        + "and resume from the last checkpoint"
    }
  }
}
