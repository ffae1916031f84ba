internal import Glibc

/// The peak level of a sound, and the number of samples over full scale.
public struct PeakMeter: Hashable, Sendable {
  /// The largest magnitude of a sample; 1 is full scale.
  public private(set) var peak: Float = 0
  /// The number of samples over full scale, in all channels.
  public private(set) var clippedSamples = 0

  /// Creates a meter that has measured nothing.
  public init() {}

  /// Measures more samples of a sound.
  public mutating func measure(_ samples: [Float]) {
    let high = samples.magnitude
    peak = max(peak, high)
    if high > 1 { clippedSamples += samples.count { abs($0) > 1 } }
  }

  /// The peak in decibels relative to full scale, or nil for silence.
  public var decibels: Double? { peak > 0 ? 20 * log10(Double(peak)) : nil }
}

extension RandomAccessCollection<Float> {
  /// The largest magnitude; 0 if empty.
  var magnitude: Float {
    // Bit patterns without the sign bit are ordered like the magnitudes. The compiler vectorizes the maximum of
    // integers, but not that of floating-point numbers, which may be NaN.
    var high: Int32 = 0
    for sample in self { high = Swift.max(high, Int32(bitPattern: sample.bitPattern & 0x7FFF_FFFF)) }
    return Float(bitPattern: UInt32(bitPattern: high))
  }
}
