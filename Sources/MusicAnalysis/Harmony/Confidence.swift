internal import Glibc

/// Probabilities of models that believe too much, put right.
enum Confidence {
  /// The probability whose log odds are `slope` times those of `probability` and `offset` (Platt 1999).
  static func calibrated(_ probability: Double, slope: Double, offset: Double = 0) -> Double {
    let bounded = min(1 - 1e-6, max(1e-6, probability))
    return 1 / (1 + exp(-slope * log(bounded / (1 - bounded)) - offset))
  }
}
