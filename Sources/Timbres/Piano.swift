internal import Glibc

/// A concert grand piano at one dynamic.
///
/// Stiff strings (partial k at k f √(1 + B k²), with B over the keyboard after Rigaud, David and Daudet 2013), a felt
/// hammer at 1/8 of the string whose contact shortens from 4 ms in the bass to 0.6 ms in the treble and with force
/// (Askenfelt and Jansson 1990), decay in two stages from two or three slightly mistuned strings (Weinreich 1977), and
/// a soundboard that radiates little below 100 Hz.
struct Piano: Sendable {
  let name: String
  /// The force of the stroke from 0, the softest touch, to 1.
  let force: Double

  static let soft = Piano(name: "Piano p", force: 0.15)
  static let medium = Piano(name: "Piano mf", force: 0.5)
  static let loud = Piano(name: "Piano ff", force: 1)

  static let roots = Array(stride(from: 23, through: 108, by: 5))

  var timbre: Timbre {
    Timbre(name: name, roots: Self.roots, loudness: { -17 - 0.15 * max(0, Double($0) - 76) }) { key, random in
      tone(key, &random)
    }
  }

  private func tone(_ key: Int, _ random: inout Randomness) -> Tone {
    let k = Double(key)
    var tone = Tone(
      key: key,
      rate: rate(covering: max(4200, bandwidth(k)), limit: interpolate(k, [(36, 20_000), (60, 30_000), (84, 36_000)])),
      lead: interpolate(k, [(28, 0.62), (60, 0.5), (84, 0.35), (108, 0.3)]),
      loop: interpolate(k, [(28, 0.42), (60, 0.38), (84, 0.15), (108, 0.05)])
    )
    let prompt = Self.promptDecay(key: k)
    tone.decay = prompt * interpolate(k, [(60, 0.42), (100, 0.3)])
    tone.onset = 0.0015
    let last = Int(12_000 / tone.fundamental) + 1
    for number in 1...last {
      addPartial(number, to: &tone, prompt: prompt, &random)
    }
    addHammer(to: &tone, key: k)
    return tone
  }

  /// The frequency in hertz above which partials are 54 dB below the strongest.
  private func bandwidth(_ key: Double) -> Double {
    let fundamental = frequency(ofKey: key)
    let levels = (1...Int(14_000 / fundamental)).map { level($0, Double($0) * fundamental, key: key) }
    let threshold = 0.002 * (levels.max() ?? 0)
    return Double((levels.lastIndex { $0 > threshold } ?? 0) + 1) * fundamental
  }

  /// The decay of the fundamental just after the stroke, in decibels per second (the range of Martin 1947).
  private static func promptDecay(key: Double) -> Double { 4 + 7.5 * exp2((key - 60) / 10.5) }

  /// The inharmonicity coefficient B: the sum of an exponential law of the treble and one of the bass.
  private static func inharmonicity(key: Double) -> Double {
    exp(0.0926 * key - 13.64) + exp(-0.0847 * key - 5.82)
  }

  private func addPartial(_ number: Int, to tone: inout Tone, prompt: Double, _ random: inout Randomness) {
    let (n, key) = (Double(number), Double(tone.key))
    let stiffness = Self.inharmonicity(key: key)
    let frequency = n * tone.fundamental * sqrt((1 + stiffness * n * n) / (1 + stiffness))
    guard frequency < tone.ceiling else { return }
    let amplitude = level(number, frequency, key: key) * ratio(decibels: random.uniform(-2...2))
    let phase = random.uniform(-2...2)
    let rate = (prompt + 0.007 * (frequency - tone.fundamental)) * random.uniform(0.8...1.25)
    // The soundboard takes about a period to respond.
    let rise = 0.0012 + 0.9 / frequency
    tone.partials.append(
      Partial(frequency: frequency, amplitude: amplitude, phase: phase, decay: rate, rise: rise)
    )
    // The mistuning of the strings: slow beats whose rate rises with the number of the partial.
    let strings = key < 30 ? 1 : key < 45 ? 2 : 3
    let mistuning = [0.0, 0.12, 0.2][strings - 1] * n * exp2((key - 60) / 24)
    for string in 0..<2 {
      let side = string == 0 ? 1.0 : -1.0
      let beat = mistuning * random.uniform(0.6...1.4) + (string == 0 ? 0 : 0.5 * tone.grid)
      tone.partials.append(
        Partial(
          frequency: frequency + side * beat,
          amplitude: amplitude * ratio(decibels: string == 0 ? -11 : -20),
          phase: phase + random.uniform(-1...1),
          decay: rate * 0.4,
          rise: rise
        )
      )
    }
  }

  /// The level of a partial, by striking position, contact time of the hammer, and radiation of the soundboard.
  private func level(_ number: Int, _ frequency: Double, key: Double) -> Double {
    let position = interpolate(key, [(21, 0.122), (60, 0.118), (108, 0.07)])
    let node = sin(Double(number) * .pi * position)
    let contact = 0.004 * exp2((21 - key) / 31.8) * (1.35 - 0.6 * force)
    let hammer = lowPass(frequency, corner: 0.72 / contact, order: 2.6 - 1.2 * force)
    let octaves = log2(frequency)
    let body = ratio(decibels: 1.6 * sin(5.3 * octaves) + 1.4 * sin(11.7 * octaves + 2))
    let radiation = 1 / (1 + pow(80 / frequency, 2)) * lowPass(frequency, corner: 5000, order: 1)
    return sqrt(node * node + 0.012) * hammer * radiation * body
  }

  /// The thump of the key bed and the knock of felt and soundboard.
  private func addHammer(to tone: inout Tone, key: Double) {
    let power = tone.power * (0.4 + 0.6 * force)
    let treble = interpolate(key, [(48, 0), (108, 1)])
    tone.bursts = [
      Burst(band: 50...220, level: power * (0.12 + 0.3 * treble), rise: 0.002, fall: 0.04),
      Burst(band: 250...1800, level: power * (0.16 + 0.45 * treble), rise: 0.001, fall: 0.016),
      Burst(band: 300...3500, level: 0.025 * power, rise: 0.004, fall: 0.12),
      Burst(band: 2000...6000, level: power * (0.03 + 0.1 * treble) * force, fall: 0.006),
    ]
  }
}
