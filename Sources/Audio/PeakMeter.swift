internal import Glibc

/// The highest level of a sound, and how much of it is over full scale.
public struct PeakMeter: Hashable, Sendable {
  /// The largest magnitude of a sample; 1 is full scale.
  public private(set) var peak: Float = 0
  /// Samples over full scale, of all channels.
  public private(set) var clippedSamples = 0

  public init() {}

  public mutating func measure(_ samples: [Float]) {
    var high: Float = 0
    for sample in samples { high = max(high, abs(sample)) }
    peak = max(peak, high)
    if high > 1 { clippedSamples += samples.count { abs($0) > 1 } }
  }

  /// The peak in decibels relative to full scale, or nil for silence.
  public var decibels: Double? { peak > 0 ? 20 * log10(Double(peak)) : nil }
}
