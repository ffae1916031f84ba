internal import Glibc

/// A string that is plucked, picked or quilled.
///
/// A string drawn aside to a point gives partial k of the force on the bridge the strength sin(kπp)/k at position p
/// (Fletcher and Rossing, "The Physics of Musical Instruments", §2.9); the width of what plucks it takes off the top.
struct Plucked: Sendable {
  let name: String
  var roots = [40, 49, 58, 67, 78]
  /// The highest rate, in frames per second.
  var limit = 22_050.0
  /// Seconds before the loop, at middle C, and of the loop.
  var lead = 0.26
  var loop = 0.09
  /// Where it is plucked, as a part of its length.
  var position = 0.15
  /// Where a pickup hears it, or nil for a body.
  var pickup: Double?
  /// Corner of the plectrum's or finger's low-pass in hertz and its order.
  var edge = (corner: 2500.0, order: 1.0)
  /// B in k √(1 + B k²).
  var stiffness = 0.0001
  /// Fall in decibels a second at middle C, and how many more for each kilohertz above the fundamental.
  var decay = 12.0
  var loss = 9.0
  /// The body: resonances in hertz with their gain in decibels, and the corner below which it radiates little.
  var body: [(frequency: Double, gain: Double)] = []
  var bodyCorner = 80.0
  /// The pluck's own noise in decibels of the tone, and its band.
  var noise = (level: -18.0, band: 800.0...5000.0)
  /// Decibels by which partials differ from the rule at random.
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
      // The other plane of vibration, a little apart and longer.
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

  /// Where partials have fallen 50 dB below the strongest, or the noise ends.
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
