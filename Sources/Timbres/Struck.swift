internal import Glibc

/// A bar, bell, tine, plate or drum: modes with individual frequency ratios and decay times.
struct Struck: Sendable {
  /// One mode of vibration.
  struct Mode: Sendable {
    /// The frequency ratio to the fundamental.
    var ratio: Double
    /// The level in decibels.
    var level: Double
    /// The decay time as a fraction of the fundamental's.
    var life: Double

    init(_ ratio: Double, _ level: Double, _ life: Double) {
      self.ratio = ratio
      self.level = level
      self.life = life
    }
  }

  let name: String
  var roots = [48, 60, 72, 84, 96]
  /// The highest rate, in frames per second.
  var limit = 24_000.0
  var lead = 0.25
  var loop = 0.04
  let modes: [Mode]
  /// The decay time for 60 dB at middle C, in seconds, and the factor by which it shrinks per octave.
  var ring = 2.0
  var shrink = 0.7
  /// The noise of the stroke: level relative to the tone in decibels, band in hertz, and time constant in seconds.
  var noise = (level: -20.0, band: 500.0...4000.0, fall: 0.01)
  var onset = 0.001
  /// The difference in hertz between the two components of every mode except the first.
  var split = 0.0

  var timbre: Timbre { Timbre(name: name, roots: roots) { key, random in tone(key, &random) } }

  private func tone(_ key: Int, _ random: inout Randomness) -> Tone {
    let octave = Double(key - 60) / 12
    let highest = (modes.map(\.ratio).max() ?? 1) * frequency(ofKey: Double(key))
    let rate = rate(covering: max(highest, 0.8 * noise.band.upperBound), limit: limit)
    var tone = Tone(key: key, rate: rate, lead: lead * exp2(-octave / 4), loop: loop)
    let fall = 60 / (ring * pow(shrink, octave))
    tone.decay = fall
    tone.onset = onset
    for (index, mode) in modes.enumerated() {
      let frequency = mode.ratio * tone.fundamental
      let amplitude = ratio(decibels: mode.level)
      let partial = Partial(
        frequency: frequency,
        amplitude: amplitude,
        phase: random.uniform(-0.5...0.5),
        decay: fall / mode.life
      )
      tone.partials.append(partial)
      if split > 0, index > 0 {
        var twin = partial
        twin.frequency += split
        twin.amplitude *= 0.6
        tone.partials.append(twin)
      }
    }
    tone.bursts = [
      Burst(band: noise.band, level: tone.power * ratio(decibels: noise.level), fall: noise.fall)
    ]
    return tone
  }
}
