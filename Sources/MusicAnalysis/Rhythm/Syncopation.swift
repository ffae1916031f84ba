extension BarPattern {
  /// The mean syncopation of a bar by Longuet-Higgins & Lee (Music Perception 1, 1984); zero without syncopation, nil
  /// without bars or onsets.
  ///
  /// A syncopation is a note that is held over a metrically stronger step without an onset; its strength is the difference
  /// of the metrical weights of both steps.
  var syncopation: Double? {
    guard !bars.isEmpty, !positions.isEmpty else { return nil }
    var sum = 0
    var levels: [Int: [Int]] = [:]
    for (index, bar) in bars.enumerated() {
      let weights = levels[bar.beats] ?? Self.weights(beats: bar.beats, stepsPerBeat: stepsPerBeat)
      levels[bar.beats] = weights
      var last: Int?
      var strongest: Int?
      func close() {
        if let last, let strongest, strongest > weights[last] { sum += strongest - weights[last] }
      }
      for step in weights.indices {
        if bar.struck[step] {
          close()
          (last, strongest) = (step, nil)
        } else if last != nil {
          strongest = max(strongest ?? .min, weights[step])
        }
      }
      // The last note may be tied across the bar line to the strongest step.
      if let next = index + 1 < bars.count ? bars[index + 1] : nil, !next.struck[0] {
        strongest = max(strongest ?? .min, 0)
      }
      close()
    }
    return Double(sum) / Double(bars.count)
  }

  /// The metrical weights of the steps of a bar: 0 for the first, −1 for the divisions of the bar, and so on.
  static func weights(beats: Int, stepsPerBeat: Int) -> [Int] {
    let factors = primeFactors(beats) + primeFactors(stepsPerBeat)
    var weights = [0]
    for (depth, factor) in factors.enumerated() {
      weights = weights.flatMap { [$0] + [Int](repeating: -depth - 1, count: factor - 1) }
    }
    return weights
  }

  private static func primeFactors(_ number: Int) -> [Int] {
    var factors: [Int] = []
    var (rest, factor) = (number, 2)
    while rest > 1 {
      while rest.isMultiple(of: factor) {
        factors.append(factor)
        rest /= factor
      }
      factor += 1
    }
    return factors
  }
}
