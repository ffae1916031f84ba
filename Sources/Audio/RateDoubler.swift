/// Doubles the sample rate of a stereo sound, without delay.
///
/// The pass band is flat within 0.001 dB to 0.46 of the lower rate, and images are below −100 dB.
public struct RateDoubler: Sendable {
  private static let filter = InterpolationFilter(factor: 2, taps: 64, kaiserBeta: 10)

  private var left: [Float]
  private var right: [Float]

  /// Creates a doubler for the start of a sound.
  public init() {
    left = Array(repeating: 0, count: Self.filter.before)
    right = left
  }

  /// Doubles the rate of the next interleaved samples. The output lags behind the input by a few frames, which
  /// `finish()` returns.
  public mutating func process(_ samples: [Float]) -> [Float] {
    for index in stride(from: 0, to: samples.count, by: 2) {
      left.append(samples[index])
      right.append(samples[index + 1])
    }
    let count = left.count - Self.filter.before - Self.filter.after
    guard count > 0 else { return [] }
    var output = [Float](repeating: 0, count: 4 * count)
    var values = [Float](repeating: 0, count: count)
    for phase in 0..<2 {
      Self.filter.values(phase: phase, of: left[...], count: count, into: &values)
      for position in 0..<count { output[4 * position + 2 * phase] = values[position] }
      Self.filter.values(phase: phase, of: right[...], count: count, into: &values)
      for position in 0..<count { output[4 * position + 2 * phase + 1] = values[position] }
    }
    left.removeFirst(count)
    right.removeFirst(count)
    return output
  }

  /// The remaining samples.
  public mutating func finish() -> [Float] {
    process(Array(repeating: 0, count: 2 * Self.filter.after))
  }
}
