internal import Glibc

/// A string plucked by a finger, plectrum or quill.
///
/// A string plucked at position p exerts a force on the bridge in which partial k has the strength sin(kπp)/k (Fletcher
/// and Rossing, "The Physics of Musical Instruments", §2.9); the width of the plectrum or finger attenuates high
/// partials.
struct Plucked: Sendable {
  let name: String
  var roots = [40, 49, 58, 67, 78]
  /// The highest rate, in frames per second.
  var limit = 22_050.0
  /// The lengths in seconds, at middle C, of the part before the loop and of the loop.
  var lead = 0.26
  var loop = 0.09
  /// The plucking position as a fraction of the string's length.
  var position = 0.15
  /// The position of the pickup, or nil for a body.
  var pickup: Double?
  /// The corner in hertz and the order of the low-pass of plectrum or finger.
  var edge = (corner: 2500.0, order: 1.0)
  /// The inharmonicity coefficient B in k √(1 + B k²).
  var stiffness = 0.0001
  /// The decay in decibels per second at middle C, and the additional decay per kilohertz above the fundamental.
  var decay = 12.0
  var loss = 9.0
  /// The body: resonances in hertz with their gain in decibels, and the corner below which it radiates little.
  var body: [(frequency: Double, gain: Double)] = []
  var bodyCorner = 80.0
  /// The noise of the pluck: its level relative to the tone in decibels, and its band in hertz.
  var noise = (level: -18.0, band: 800.0...5000.0)
  /// The random deviation of partials from the formula, in decibels.
  var roughness = 1.5

  var timbre: Timbre { Timbre(name: name, roots: roots) { key, random in tone(key, &random) } }

  private func tone(_ key: Int, _ random: inout Randomness) -> Tone {
    let octave = Double(key - 60) / 12
    let rate = rate(covering: bandwidth(key), limit: limit)
    var tone = Tone(key: key, rate: rate, lead: lead * exp2(-octave / 3), loop: loop)
    let base = decay * exp2(octave * 0.7)
    tone.decay = 0.6 * base
    tone.onset = 0.001
    for number in 1...Int(tone.ceiling / tone.fundamental) {
      let n = Double(number)
      let frequency = n * tone.fundamental * sqrt((1 + stiffness * n * n) / (1 + stiffness))
      let amplitude = level(n, frequency) * ratio(decibels: random.uniform(-roughness...roughness))
      let fall = (base + loss * (frequency - tone.fundamental) / 1000) * random.uniform(0.85...1.2)
      let phase = random.uniform(-1.5...1.5)
      tone.partials.append(Partial(frequency: frequency, amplitude: amplitude, phase: phase, decay: fall))
      // The other plane of vibration, slightly detuned and with a longer decay.
      tone.partials.append(
        Partial(
          frequency: frequency + (number > 2 ? tone.grid : 0),
          amplitude: 0.22 * amplitude,
          phase: phase + random.uniform(-1...1),
          decay: 0.6 * fall
        )
      )
    }
    tone.bursts = [Burst(band: noise.band, level: tone.power * ratio(decibels: noise.level), fall: 0.008)]
    return tone
  }

  /// The frequency above which partials are 50 dB below the strongest, or the end of the noise band.
  private func bandwidth(_ key: Int) -> Double {
    let fundamental = frequency(ofKey: Double(key))
    let levels = (1...Int(limit / 2 / fundamental)).map { level(Double($0), Double($0) * fundamental) }
    let threshold = 0.004 * (levels.max() ?? 0)
    let last = levels.lastIndex { $0 > threshold } ?? 0
    return max(Double(last + 1) * fundamental, 0.7 * noise.band.upperBound)
  }

  private func level(_ n: Double, _ frequency: Double) -> Double {
    var amplitude =
      (abs(sin(n * .pi * position)) + 0.03) / n * lowPass(frequency, corner: edge.corner, order: edge.order)
    if let pickup { amplitude *= abs(sin(n * .pi * pickup)) + 0.05 }
    amplitude /= 1 + pow(bodyCorner / frequency, 2)
    for resonance in body {
      let distance = log2(frequency / resonance.frequency) / 0.25
      amplitude *= ratio(decibels: resonance.gain * exp(-distance * distance))
    }
    return amplitude
  }
}
