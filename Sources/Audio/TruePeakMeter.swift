/// The true peak of a sound, including the values between samples that a converter produces, by fourfold oversampling
/// (ITU-R BS.1770-4, annex 2).
public struct TruePeakMeter: Sendable {
  private static let filter = InterpolationFilter(factor: 4, taps: 32, kaiserBeta: 6)
  private static let bound = filter.gainBound
  /// The number of positions per block: small, so that most blocks can be skipped.
  private static let block = 256

  /// The largest magnitude; 1 is full scale.
  public private(set) var peak: Float = 0
  private var channels: [[Float]]
  private var values = [Float](repeating: 0, count: block)

  /// Creates a meter that has measured nothing.
  public init() {
    channels = Array(repeating: Array(repeating: 0, count: Self.filter.before), count: AudioFormat.channels)
  }

  /// - Parameter samples: interleaved.
  public mutating func measure(_ samples: [Float]) {
    for channel in channels.indices {
      for index in stride(from: channel, to: samples.count, by: AudioFormat.channels) {
        channels[channel].append(samples[index])
      }
      measure(channel: channel)
    }
  }

  /// Processes the last samples.
  public mutating func finish() {
    measure(Array(repeating: 0, count: AudioFormat.channels * Self.filter.after))
  }

  private mutating func measure(channel: Int) {
    let margin = Self.filter.before + Self.filter.after
    let total = channels[channel].count - margin
    guard total > 0 else { return }
    for start in stride(from: 0, to: total, by: Self.block) {
      let count = min(Self.block, total - start)
      let samples = channels[channel][start..<start + count + margin]
      guard samples.magnitude * Self.bound > peak else { continue }
      for phase in 0..<Self.filter.factor {
        Self.filter.values(phase: phase, of: samples, count: count, into: &values)
        peak = max(peak, values[..<count].magnitude)
      }
    }
    channels[channel].removeFirst(total)
  }
}
