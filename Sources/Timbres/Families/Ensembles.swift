/// Groups of players or singers.
enum Crowd {
  static let strings = Sustained(
    name: "String section",
    roots: [36, 48, 60, 72, 86],
    limit: 18_000,
    loop: 0.7,
    spectrum: Spectrum.formants(
      slope: 0.9,
      floor: -8,
      [(300, 150, -2), (520, 250, 0), (1100, 700, -2), (2600, 1800, 0)]
    ),
    ensemble: (12, 4),
    breath: (-32, 1000...6000),
    roughness: 2
  ).timbre

  static let ah = voices("Choir ah", [(700, 180, 0), (1150, 200, -4), (2700, 500, -11), (3300, 600, -13)])
  static let oo = voices("Choir oo", [(350, 120, 0), (750, 150, -12), (2500, 400, -32)])

  private static func voices(
    _ name: String,
    _ formants: [(frequency: Double, width: Double, level: Double)]
  ) -> Timbre {
    Sustained(
      name: name,
      roots: [43, 54, 65, 77],
      limit: 16_000,
      loop: 0.6,
      spectrum: Spectrum.formants(slope: 0.8, floor: -34, formants),
      ensemble: (13, 3),
      breath: (-33, 1500...5000)
    ).timbre
  }
}

extension Patch {
  /// Programs 48–55: string sections, choirs and the orchestra hit.
  static let ensembles = [
    Patch(48, "String Ensemble 1", [Layer(Crowd.strings, section(attack: 0.08))]),
    Patch(49, "String Ensemble 2", [Layer(Crowd.strings, section(attack: 0.25))]),
    Patch(50, "Synth Strings 1", [Layer(Oscillator.saws, synthetic(attack: 0.08, cutoff: 3500))]),
    Patch(51, "Synth Strings 2", [Layer(Oscillator.saws, synthetic(attack: 0.25, cutoff: 1800))]),
    Patch(52, "Choir Aahs", [Layer(Crowd.ah, Voice(attack: 0.12, release: 0.3, reverb: 25))]),
    Patch(53, "Voice Oohs", [Layer(Crowd.oo, Voice(attack: 0.1, release: 0.25, reverb: 25))]),
    Patch(
      54,
      "Synth Voice",
      [Layer(Crowd.ah, Voice(attack: 0.03, release: 0.2, filter: .init(cutoff: 1600), chorus: 30))]
    ),
    Patch(
      55,
      "Orchestra Hit",
      [
        Layer(Crowd.strings, hit(level: 0)), Layer(Brasses.section, hit(level: 0)),
        Layer(Crowd.strings, hit(level: -3, transposition: 12)),
        Layer(Noises.thud, Voice(level: -8)),
      ]
    ),
  ]

  static func section(attack: Double) -> Voice {
    Voice(attack: attack, release: 0.35, filter: .init(cutoff: 8000, softness: 1.5), reverb: 22)
  }

  private static func synthetic(attack: Double, cutoff: Double) -> Voice {
    Voice(attack: attack, release: 0.4, filter: .init(cutoff: cutoff, softness: 1), chorus: 25, reverb: 18)
  }

  private static func hit(level: Double, transposition: Int = 0) -> Voice {
    Voice(
      attack: 0.004,
      decay: 1.6,
      sustain: 100,
      release: 0.3,
      transposition: transposition,
      level: level,
      reverb: 25
    )
  }
}
