internal import Glibc

/// A polyphase interpolation filter: a Kaiser-windowed sinc (Smith, "Digital Audio Resampling", CCRMA) with one phase
/// for each position between two samples.
struct InterpolationFilter {
  /// The oversampling factor: the number of output values per sample.
  let factor: Int
  /// The number of samples that contribute to a value; even.
  let taps: Int
  /// [factor][taps]
  let phases: [[Float]]

  init(factor: Int, taps: Int, kaiserBeta beta: Double) {
    precondition(factor > 1 && taps > 1 && taps.isMultiple(of: 2))
    self.factor = factor
    self.taps = taps
    let half = Double(taps / 2)
    phases = (0..<factor).map { phase in
      let weights = (0..<taps).map { tap in
        let distance = Double(tap) - (half - 1) - Double(phase) / Double(factor)
        let sinc = distance == 0 ? 1 : sin(.pi * distance) / (.pi * distance)
        let ratio = distance / half
        return sinc * besselI0(beta * max(0, 1 - ratio * ratio).squareRoot()) / besselI0(beta)
      }
      // Unity gain at DC in every phase.
      let sum = weights.reduce(0, +)
      return weights.map { Float($0 / sum) }
    }
  }

  /// The number of samples needed before and after a position.
  var before: Int { taps / 2 - 1 }
  var after: Int { taps / 2 }

  /// The bound of the gain: no output value exceeds the largest input magnitude times this.
  var gainBound: Float { phases.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 1 }

  /// The values of one phase at `count` positions.
  ///
  /// - Parameter samples: `before` samples, the `count` positions, then `after` samples, of one channel.
  func values(phase: Int, of samples: ArraySlice<Float>, count: Int, into values: inout [Float]) {
    precondition(samples.count == before + count + after && values.count >= count)
    let weights = phases[phase]
    samples.withUnsafeBufferPointer { samples in
      values.withUnsafeMutableBufferPointer { values in
        for position in 0..<count { values[position] = 0 }
        for tap in 0..<taps {
          let weight = weights[tap]
          for position in 0..<count { values[position] += weight * samples[position + tap] }
        }
      }
    }
  }
}

/// The modified Bessel function of the first kind and order 0, by its power series.
private func besselI0(_ x: Double) -> Double {
  var (term, sum, k) = (1.0, 1.0, 1.0)
  while term > sum * 1e-17 {
    term *= (x / (2 * k)) * (x / (2 * k))
    sum += term
    k += 1
  }
  return sum
}
