internal import Glibc

/// The highest level of a sound, and how much of it is over full scale.
public struct PeakMeter: Hashable, Sendable {
  /// The largest magnitude of a sample; 1 is full scale.
  public private(set) var peak: Float = 0
  /// Samples over full scale, of all channels.
  public private(set) var clippedSamples = 0

  public init() {}

  public mutating func measure(_ samples: [Float]) {
    let high = samples.magnitude
    peak = max(peak, high)
    if high > 1 { clippedSamples += samples.count { abs($0) > 1 } }
  }

  /// The peak in decibels relative to full scale, or nil for silence.
  public var decibels: Double? { peak > 0 ? 20 * log10(Double(peak)) : nil }
}

extension RandomAccessCollection<Float> {
  /// The largest magnitude, 0 where there is nothing.
  var magnitude: Float {
    // Bit patterns without their sign are ordered like what they stand for, and integers are compared several
    // at once where floating-point numbers, some of which have no order, are not.
    var high: Int32 = 0
    for sample in self { high = Swift.max(high, Int32(bitPattern: sample.bitPattern & 0x7FFF_FFFF)) }
    return Float(bitPattern: UInt32(bitPattern: high))
  }
}
