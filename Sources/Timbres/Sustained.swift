internal import Glibc

/// A sustained tone: pipes, reeds, brass, bowed strings, voices and oscillators, solo or in groups.
struct Sustained: Sendable {
  let name: String
  var roots = [36, 48, 60, 72, 84]
  /// The highest rate, in frames per second.
  var limit = 24_000.0
  /// The lengths in seconds of the attack before the loop and of the loop.
  var lead = 0.0
  var loop = 0.05
  /// The frequency ratios of the partials; nil for the harmonic series.
  var ratios: [Double]?
  /// The loop is a multiple of this number of periods, so that fractional `ratios` are exact.
  var unit = 1
  /// The amplitude of a partial by its ratio and its frequency in hertz.
  let spectrum: @Sendable (Double, Double) -> Double
  /// The time constant of the fundamental's attack in seconds, and the amount that each further harmonic adds.
  var rise = (first: 0.0, each: 0.0)
  /// The detuning of the players in cents to either side, and the number of pairs in addition to the center.
  var ensemble = (width: 0.0, pairs: 0)
  /// The steady noise of breath or bow: its level relative to the tone in decibels, and its band in hertz.
  var breath: (level: Double, band: ClosedRange<Double>)?
  /// The noise of the attack: its level relative to the tone in decibels, its band in hertz, and its time constant in
  /// seconds.
  var chiff: (level: Double, band: ClosedRange<Double>, fall: Double)?
  /// The loudness in dBFS.
  var loudness = -20.5
  /// The random deviation of harmonics from the formula, in decibels.
  var roughness = 1.0

  var timbre: Timbre {
    Timbre(name: name, roots: roots, loudness: { _ in loudness }) { key, random in tone(key, &random) }
  }

  private func tone(_ key: Int, _ random: inout Randomness) -> Tone {
    let rate = rate(covering: bandwidth(key), limit: limit)
    var tone = Tone(key: key, rate: rate, lead: lead, loop: loop, unit: unit)
    tone.onset = lead > 0 ? 0.003 : 0
    let series = ratios ?? (1...max(1, Int(tone.ceiling / tone.fundamental))).map(Double.init)
    for ratio in series { addPartial(ratio, to: &tone, &random) }
    let power = tone.power
    if let chiff {
      tone.bursts = [
        Burst(
          band: chiff.band,
          level: power * Timbres.ratio(decibels: chiff.level),
          rise: 0.004,
          fall: chiff.fall
        )
      ]
    }
    if let breath {
      tone.addNoise(breath.band, level: power * Timbres.ratio(decibels: breath.level), random: &random)
    }
    return tone
  }

  /// The frequency above which harmonics are 50 dB below the strongest, or the end of the breath noise band.
  private func bandwidth(_ key: Int) -> Double {
    let fundamental = frequency(ofKey: Double(key))
    let series = ratios ?? (1...max(1, Int(limit / 2 / fundamental))).map(Double.init)
    let levels = series.map { spectrum($0, $0 * fundamental) }
    let threshold = 0.004 * (levels.max() ?? 0)
    let last = levels.lastIndex { $0 > threshold } ?? 0
    return max(
      series[last] * fundamental,
      0.8 * max(breath?.band.upperBound ?? 0, chiff?.band.upperBound ?? 0)
    )
  }

  private func addPartial(_ ratio: Double, to tone: inout Tone, _ random: inout Randomness) {
    let frequency = ratio * tone.fundamental
    let wanted = spectrum(ratio, frequency)
    guard wanted > 0.000_3 else { return }
    let amplitude = wanted * Timbres.ratio(decibels: random.uniform(-roughness...roughness))
    let rise = self.rise.first + self.rise.each * (ratio - 1)
    tone.partials.append(
      Partial(frequency: frequency, amplitude: amplitude, phase: random.phase(), rise: rise)
    )
    guard ensemble.pairs > 0 else { return }
    // Pairs of equal level, each on its own multiples of the grid, so that the group's center is in tune.
    var last = 0.0
    for pair in 1...ensemble.pairs {
      let cents = ensemble.width * (Double(pair) - random.uniform(0...0.6)) / Double(ensemble.pairs)
      let offset = (frequency * (exp2(cents / 1200) - 1) / tone.grid).rounded() * tone.grid
      guard offset > last else { continue }
      last = offset
      for side in [-offset, offset] {
        tone.partials.append(
          Partial(frequency: frequency + side, amplitude: 0.6 * amplitude, phase: random.phase(), rise: rise)
        )
      }
    }
  }
}

/// Spectra of sustained tones: functions of a partial's ratio and frequency.
enum Spectrum {
  typealias Shape = @Sendable (Double, Double) -> Double

  /// A sawtooth: 1/n, attenuated above `corner` hertz.
  static func saw(_ corner: Double = 20_000, order: Double = 1) -> Shape {
    { n, f in lowPass(f, corner: corner, order: order) / n }
  }

  /// A pulse wave with the duty cycle `width`.
  static func pulse(_ width: Double, corner: Double = 20_000) -> Shape {
    { n, f in abs(sin(n * .pi * width)) / n * lowPass(f, corner: corner, order: 1) }
  }

  /// The levels in decibels of the first harmonics; all others are absent.
  static func levels(_ decibels: Double...) -> Shape {
    { n, _ in Int(n) <= decibels.count ? ratio(decibels: decibels[Int(n) - 1]) : 0 }
  }

  /// A source that falls with `slope` (1 is 6 dB per octave), through resonances in hertz with bandwidths and levels in
  /// decibels.
  static func formants(
    slope: Double,
    floor: Double = -26,
    _ resonances: [(frequency: Double, width: Double, level: Double)]
  ) -> Shape {
    { n, f in
      let sum = resonances.reduce(ratio(decibels: floor)) { sum, resonance in
        let distance = (f - resonance.frequency) / (resonance.width / 2)
        return sum + ratio(decibels: resonance.level) / sqrt(1 + distance * distance)
      }
      return sum * pow(n, -slope) * lowPass(f, corner: 4500, order: 2)
    }
  }
}
