internal import Glibc

extension Grammar {
  /// Mixes the predictions of the figure caches into the probabilities of pitches (`SamplingOptions.recurrence`), as a
  /// continuous cache does with those of words (Grave 2017).
  func recallFigures(_ logits: UnsafeMutableBufferPointer<Float>, _ recurrence: Float) {
    if let prediction = figures.prediction(at: time) {
      if prediction.statements <= Self.mostStatements {
        mix(prediction, into: logits, from: 0, recurrence)
      } else if prediction.length == FigureCache.lengths.upperBound {
        for pitch in 0..<128 { logits[pitch] += log1pf(-recurrence * prediction.shares[pitch]) }
      }
    }
    guard let last = melody.figures.last, last.onset < time, let prediction = melody.figures.prediction(at: time),
      prediction.statements <= Self.mostStatements, let lowest = (0..<128).first(where: { prediction.shares[$0] > 0 })
    else { return }
    // Only pitches in the range of the melody, since an accompaniment has its own figures.
    mix(prediction, into: logits, from: max(0, min(last.pitch, lowest) - MelodyCache.reach), recurrence)
  }

  /// A figure that was stated more often is a loop rather than a theme. It becomes less probable instead.
  private static let mostStatements = 4

  /// Mixes a prediction into the probabilities of the possible pitches from the lowest up; their sum stays the same.
  private func mix(
    _ prediction: FigureCache.Prediction, into logits: UnsafeMutableBufferPointer<Float>, from lowest: Int,
    _ weight: Float
  ) {
    let sum = Self.logSum(logits[lowest..<128])
    var possible: Float = 0
    for pitch in lowest..<128 where logits[pitch] > -.infinity { possible += prediction.shares[pitch] }
    guard possible > 0 else { return }
    for pitch in lowest..<128 where logits[pitch] > -.infinity {
      let own = (1 - weight * possible) * expf(logits[pitch] - sum)
      logits[pitch] = sum + logf(own + weight * prediction.shares[pitch])
    }
  }
}
