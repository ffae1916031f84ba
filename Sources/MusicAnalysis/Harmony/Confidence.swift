internal import Glibc

/// Confidences of results: probabilities, calibrated on annotated music.
public enum Confidence {
  /// The threshold above which a result is more likely right than wrong; results below it are shown as unsure.
  public static let sure = 0.5

  /// Whether a result of this confidence is more likely right than wrong.
  public static func isSure(_ confidence: Double) -> Bool { confidence >= sure }

  /// Platt scaling (Platt 1999), which corrects an overconfident model: the log odds of the result are `slope` times those
  /// of `probability`, plus `offset`.
  static func calibrated(_ probability: Double, slope: Double, offset: Double = 0) -> Double {
    let bounded = min(1 - 1e-6, max(1e-6, probability))
    return 1 / (1 + exp(-slope * log(bounded / (1 - bounded)) - offset))
  }
}
