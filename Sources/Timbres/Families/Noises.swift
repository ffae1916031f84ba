internal import Glibc

/// Unpitched sounds.
enum Noises {
  static let thud = once("Thud", seconds: 0.4, rate: 16_000) { tone, _ in
    tone.bursts = [
      Burst(band: 40...250, level: 1, fall: 0.09), Burst(band: 300...3000, level: 0.4, fall: 0.03),
    ]
  }

  static let wash = steady("Wash", seconds: 0.5, rate: 22_050, band: 700...9500) { $0 / (2500 + $0) }

  static let fret = once("Fret noise", seconds: 0.3, rate: 22_050) { tone, random in
    for _ in 0..<14 {
      tone.partials.append(
        Partial(
          frequency: random.uniform(1200...4200),
          amplitude: random.uniform(0.2...1),
          phase: random.phase(),
          decay: 150,
          rise: 0.03,
          glide: .init(depth: -0.35, time: 0.15)
        )
      )
    }
    tone.bursts = [Burst(band: 1000...6000, level: 1.2, rise: 0.04, fall: 0.06)]
  }

  static let breath = steady("Breath", seconds: 0.4, rate: 16_000, band: 400...6500) {
    1 / (1 + pow(($0 - 1800) / 1500, 2))
  }
  static let sea = steady("Sea", seconds: 1.2, rate: 16_000, band: 100...7000) { 300 / (300 + $0) }

  static let bird = once("Bird", seconds: 0.7, rate: 20_000) { tone, _ in
    for harmonic in 1...2 {
      tone.partials.append(
        Partial(
          frequency: 2400 * Double(harmonic),
          amplitude: harmonic == 1 ? 1 : 0.15,
          decay: 60,
          rise: 0.02,
          glide: .init(depth: 0.6, time: 0.12)
        )
      )
    }
  }

  static let bell = Sustained(
    name: "Telephone",
    roots: [60],
    limit: 20_000,
    loop: 0.1,
    ratios: [4, 5.3, 6, 8.4, 11, 14.2],
    spectrum: { n, _ in 4 / n }
  ).timbre

  /// A rotor: eleven pulses of noise per second.
  static let rotor = Timbre(name: "Rotor", roots: [60], loudness: { _ in -22 }) { key, random in
    var tone = Tone(key: key, rate: 12_000, lead: 0.01, loop: 0.725)
    var wash = Tone(key: key, rate: 12_000, lead: 0.01, loop: 0.725)
    wash.addNoise(60...2500, level: 1, random: &random) { 150 / (150 + $0) }
    // Amplitude modulation with 8 periods per loop: each partial gets sidebands at 8, 16 and 24 multiples of the grid.
    for partial in wash.partials {
      for order in -3...3 {
        var side = partial
        side.frequency += Double(order) * 8 * tone.grid
        side.amplitude *= 1 / Double(1 + abs(order))
        if side.frequency > 20 { tone.partials.append(side) }
      }
    }
    return tone
  }

  static let applause = once("Applause", seconds: 1.05, rate: 18_000) { tone, random in
    for _ in 0..<260 {
      tone.bursts.append(
        Burst(
          band: random.uniform(600...1400)...random.uniform(2500...6500),
          level: random.uniform(0.2...1),
          fall: random.uniform(0.003...0.012),
          delay: random.uniform(0...1)
        )
      )
    }
  }

  static let gun = once("Gunshot", seconds: 0.9, rate: 18_000) { tone, _ in
    tone.bursts = [
      Burst(band: 50...8000, level: 1, fall: 0.03), Burst(band: 40...900, level: 0.8, fall: 0.16),
      Burst(band: 300...3000, level: 0.2, fall: 0.25, delay: 0.05),
    ]
  }

  private static func once(
    _ name: String,
    seconds: Double,
    rate: Double,
    _ fill: @escaping @Sendable (inout Tone, inout Randomness) -> Void
  ) -> Timbre {
    Timbre(name: name, roots: [60]) { key, random in
      var tone = Tone(key: key, rate: rate, lead: seconds, loop: nil)
      fill(&tone, &random)
      return tone
    }
  }

  private static func steady(
    _ name: String,
    seconds: Double,
    rate: Double,
    band: ClosedRange<Double>,
    shape: @escaping @Sendable (Double) -> Double
  ) -> Timbre {
    Timbre(name: name, roots: [60], loudness: { _ in -24 }) { key, random in
      var tone = Tone(key: key, rate: rate, lead: 0, loop: seconds)
      tone.onset = 0
      tone.addNoise(band, level: 1, random: &random, shape: shape)
      return tone
    }
  }
}

extension Patch {
  /// Programs 120–127: sound effects.
  static let noises = [
    Patch(120, "Fret Noise", [Layer(Noises.fret, Voice(undampedFrom: 0))]),
    Patch(
      121,
      "Breath Noise",
      [Layer(Noises.breath, Voice(attack: 0.08, decay: 1.2, sustain: 100, release: 0.2))]
    ),
    Patch(122, "Seashore", [Layer(Noises.sea, waves)]),
    Patch(123, "Bird Tweet", [Layer(Noises.bird, Voice(release: 0.3, reverb: 30))]),
    Patch(124, "Telephone", [Layer(Noises.bell, Voice(attack: 0.005, release: 0.3, tremolo: (12, 20)))]),
    Patch(125, "Helicopter", [Layer(Noises.rotor, Voice(attack: 0.3, release: 0.6))]),
    Patch(
      126,
      "Applause",
      [Layer(Noises.applause, Voice(release: 0.6, reverb: 25)), Layer(Noises.sea, crowd)]
    ),
    Patch(127, "Gunshot", [Layer(Noises.gun, Voice(release: 1, reverb: 25))]),
  ]

  private static let waves = Voice(
    attack: 0.9,
    release: 1.5,
    filter: .init(cutoff: 700, sweep: 2.5, attack: 1.4, decay: 3),
    tremolo: (4, 0.25),
    reverb: 25
  )
  private static let crowd = Voice(
    attack: 0.5,
    release: 0.8,
    filter: .init(cutoff: 3000),
    level: -8,
    reverb: 25
  )
}
