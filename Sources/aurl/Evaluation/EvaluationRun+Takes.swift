import Evaluation
import Inference

extension EvaluationRun {
  /// Generates takes and judges them by real music.
  func addTakes(
    to document: inout EvaluationDocument, of model: Model, music: EvaluationMusic, training: EvaluationMusic?
  ) async throws {
  }
}
