internal import Glibc

/// How sure results are: probabilities, calibrated on annotated music.
public enum Confidence {
  /// From here on a result is likelier right than wrong; what is less is shown as unsure.
  public static let sure = 0.5

  /// Whether a result of a confidence is likelier right than wrong.
  public static func isSure(_ confidence: Double) -> Bool { confidence >= sure }

  /// The probability whose log odds are `slope` times those of `probability` and `offset` (Platt 1999): that of a model that
  /// believes too much, put right.
  static func calibrated(_ probability: Double, slope: Double, offset: Double = 0) -> Double {
    let bounded = min(1 - 1e-6, max(1e-6, probability))
    return 1 / (1 + exp(-slope * log(bounded / (1 - bounded)) - offset))
  }
}
