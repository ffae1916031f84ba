package import Tensors

/// Errors that prevent training from starting or continuing.
package enum TrainingError: Error, Hashable, Sendable {
  /// The folder already contains a run.
  case exists(String)
  /// The folder contains no run to resume.
  case noCheckpoint(String)
  /// A checkpoint does not belong to this run.
  case mismatch(path: String, String)
  /// The dataset cannot be used for training.
  case unusableData(path: String, String)
  /// The model yields no takes that a critic could be trained on.
  case unusableModel(path: String, String)
  /// Too many consecutive steps had a loss or gradient that was not finite.
  case diverged(steps: Int, at: Int, TensorError)
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exists(let path):
      "\(path): there is already a run; continue it with --resume, or name another folder with --output"
    case .noCheckpoint(let path): "\(path): no checkpoint to resume from"
    case .mismatch(let path, let reason), .unusableData(let path, let reason), .unusableModel(let path, let reason):
      "\(path): \(reason)"
    case .diverged(let steps, let step, let cause):
      "\(steps) steps in a row were skipped, up to step \(step) (\(cause)); lower optimizer.learningRate or optimizer.clip, "
        + "and resume from the last checkpoint"
    }
  }
}
