internal import Glibc

/// A sine component of a tone.
struct Partial {
  /// The frequency in hertz.
  var frequency: Double
  var amplitude: Double
  /// The phase at the start, in radians.
  var phase = 0.0
  /// The decay in decibels per second.
  var decay = 0.0
  /// The time constant of the attack in seconds.
  var rise = 0.0
  var glide: Glide?

  /// A pitch glide that settles at the frequency: f(t) = f (1 + depth e^(−t/time)).
  struct Glide {
    var depth: Double
    /// In seconds.
    var time: Double
  }

  /// The number of cycles completed after `seconds`.
  func cycles(after seconds: Double) -> Double {
    guard let glide else { return frequency * seconds }
    return frequency * (seconds + glide.depth * glide.time * (1 - exp(-seconds / glide.time)))
  }
}

/// A burst of noise in a frequency band.
struct Burst {
  /// The band in hertz.
  var band: ClosedRange<Double>
  /// The root mean square at its loudest.
  var level: Double
  /// The time constants of its rise and fall in seconds.
  var rise = 0.0005
  var fall: Double
  /// In seconds.
  var delay = 0.0
}
