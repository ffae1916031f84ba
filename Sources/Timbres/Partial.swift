internal import Glibc

/// One sine of a tone.
struct Partial {
  /// In hertz.
  var frequency: Double
  var amplitude: Double
  /// In radians at the start.
  var phase = 0.0
  /// In decibels a second.
  var decay = 0.0
  /// The time constant in seconds with which it builds up.
  var rise = 0.0
  var glide: Glide?

  /// A pitch that starts off its frequency and settles: f(t) = f (1 + depth e^(−t/time)).
  struct Glide {
    var depth: Double
    /// In seconds.
    var time: Double
  }

  /// Cycles completed after `seconds`.
  func cycles(after seconds: Double) -> Double {
    guard let glide else { return frequency * seconds }
    return frequency * (seconds + glide.depth * glide.time * (1 - exp(-seconds / glide.time)))
  }
}

/// A burst of noise in a frequency band.
struct Burst {
  /// The band in hertz.
  var band: ClosedRange<Double>
  /// Root mean square at its loudest.
  var level: Double
  /// The time constants in seconds of its rise and of its fall.
  var rise = 0.0005
  var fall: Double
  /// In seconds.
  var delay = 0.0
}
