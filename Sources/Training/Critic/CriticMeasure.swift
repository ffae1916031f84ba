internal import Layers
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// How well a critic separates takes from held-out real music.
package struct CriticMeasure: Codable, Hashable, Sendable {
  /// By scale and `combined`: the area under the ROC curve, the probability that a stretch of real music has a higher
  /// logit than one of a take.
  package var areaUnderCurve: [String: Double]
  /// The expected calibration error of windows, over ten bins, by scale.
  package var calibrationError: [String: Double]
  /// The largest singular value, by SVD, of any weight after normalization and before its gain: 1 if power iteration
  /// has converged.
  package var largestSingularValue = 1.0
}

/// Held-out stretches of real music and of takes: one part for calibration and one for measurement.
package struct CriticHeldOut {
  /// One of the two parts.
  struct Part {
    var real: [TokenWindow]
    var fake: [TokenWindow]
  }
  let development: Part
  let test: Part

  /// Calibrates a critic on one part and measures it on the other.
  func measure(_ critic: Discriminator) throws(TensorError) -> (CriticCalibration, CriticMeasure) {
    let known = Sides(real: try critic.logits(of: development.real), fake: try critic.logits(of: development.fake))
    var calibration = CriticCalibration()
    for scale in Configuration.Level.allCases {
      calibration[scale] = CriticCalibration.Line(
        real: known.real.flatMap { $0[scale] }, fake: known.fake.flatMap { $0[scale] })
    }
    calibration.combined = CriticCalibration.Line(
      real: known.real.compactMap { calibration.mean($0.means) },
      fake: known.fake.compactMap { calibration.mean($0.means) })
    let heard = Sides(real: try critic.logits(of: test.real), fake: try critic.logits(of: test.fake))
    var measure = Self.measure(heard, calibration)
    measure.largestSingularValue = try Gradients.unrecorded { () throws(TensorError) in
      var largest = 0.0
      for norm in critic.spectralNorms { largest = max(largest, try norm.trueSigma()) }
      return largest
    }
    return (calibration, measure)
  }

  private struct Sides {
    var real: [PerLevel<[Double]>]
    var fake: [PerLevel<[Double]>]
  }

  private static func measure(_ heard: Sides, _ calibration: CriticCalibration) -> CriticMeasure {
    var measure = CriticMeasure(areaUnderCurve: [:], calibrationError: [:])
    for scale in Configuration.Level.allCases {
      let means = [heard.fake, heard.real].map { $0.compactMap { $0.means[scale] } }
      measure.areaUnderCurve["\(scale)"] = area(means[0], means[1])
      let windows = [heard.real, heard.fake].map { side in
        side.flatMap { $0[scale] }.map { CriticCalibration.probability(calibration[scale]($0)) }
      }
      measure.calibrationError["\(scale)"] = calibrationError(real: windows[0], fake: windows[1])
    }
    let combined = [heard.real, heard.fake].map { side in
      side.compactMap { calibration.combined($0.means) }.map(CriticCalibration.probability)
    }
    measure.areaUnderCurve["combined"] = area(combined[1], combined[0])
    measure.calibrationError["combined"] = calibrationError(real: combined[0], fake: combined[1])
    return measure
  }

  /// The area under the ROC curve: the probability that one of the second scores is above one of the first, a tie
  /// counting half (Hanley & McNeil 1982); nil if either is empty. O(n log n).
  ///
  /// The evaluation's judge has a separate implementation, because training code does not import the code that
  /// evaluates it.
  package static func area(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let sorted = first.sorted()
    let wins = second.reduce(0) { wins, score in
      let below = sorted.partitioningIndex { $0 >= score }
      return wins + Double(below + sorted.partitioningIndex { $0 > score }) / 2
    }
    return wins / Double(first.count) / Double(second.count)
  }

  /// The expected calibration error (Naeini 2015), with both sides weighted equally.
  static func calibrationError(real: [Double], fake: [Double], bins count: Int = 10) -> Double {
    var bins = Array(repeating: (probability: 0.0, real: 0.0, weight: 0.0), count: count)
    for (values, isReal) in [(real, true), (fake, false)] {
      for value in values {
        let bin = min(count - 1, Int(value * Double(count)))
        let weight = 0.5 / Double(values.count)
        bins[bin].probability += weight * value
        bins[bin].real += isReal ? weight : 0
        bins[bin].weight += weight
      }
    }
    return bins.reduce(0) { $0 + abs($1.probability - $1.real) }
  }
}

extension Discriminator {
  /// The logits of the windows of each scale, for each stretch, computed in small batches without recording gradients.
  func logits(of stretches: [TokenWindow]) throws(TensorError) -> [PerLevel<[Double]>] {
    let batchSize = 16
    var result: [PerLevel<[Double]>] = []
    for start in stride(from: 0, to: stretches.count, by: batchSize) {
      let batch = Array(stretches[start..<min(stretches.count, start + batchSize)])
      try Gradients.unrecorded { () throws(TensorError) in
        let output = try self(CriticInput(batch, multiple: configuration.windows.global, on: parameters.device))
        let logits = try output.scales.map { scale throws(TensorError) in
          (count: scale.windows.shape[1], values: try scale.windows.doubles())
        }
        for row in batch.indices {
          result.append(logits.map { Array($0.values[row * $0.count..<(row + 1) * $0.count]) })
        }
      }
    }
    return result
  }
}

extension PerLevel<[Double]> {
  /// The mean of each scale; nil if it has no window.
  var means: PerLevel<Double?> {
    map { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
  }
}
