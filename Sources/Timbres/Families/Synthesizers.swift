extension Patch {
  /// Programs 80–87: leads.
  static let leads = [
    Patch(80, "Square Lead", [Layer(Oscillator.square, lead(cutoff: 6000))]),
    Patch(81, "Saw Lead", [Layer(Oscillator.saw, lead(cutoff: 7000)), Layer(Oscillator.saw, detuned(7))]),
    Patch(82, "Calliope Lead", [Layer(Winds.recorder, lead(cutoff: 8000, level: 0))]),
    Patch(
      83,
      "Chiff Lead",
      [Layer(Winds.panFlute, lead(cutoff: 9000, level: 0)), Layer(Oscillator.square, quiet(-19))]
    ),
    Patch(
      84,
      "Charang Lead",
      [Layer(Patch.distortion, lead(cutoff: 9000, level: -1)), Layer(Oscillator.saw, quiet(-17))]
    ),
    Patch(
      85,
      "Voice Lead",
      [Layer(Crowd.ah, lead(cutoff: 4000, level: 0)), Layer(Oscillator.triangle, quiet(-15))]
    ),
    Patch(86, "Fifths Lead", [Layer(Oscillator.saw, lead(cutoff: 5000)), Layer(Oscillator.saw, fifth)]),
    Patch(
      87,
      "Bass & Lead",
      [Layer(Oscillator.saw, lead(cutoff: 3500, resonance: 6)), Layer(Oscillator.square, octave)]
    ),
  ]

  private static func lead(cutoff: Double, resonance: Double = 0, level: Double = -5) -> Voice {
    Voice(
      attack: 0.005,
      release: 0.12,
      filter: .init(cutoff: cutoff, resonance: resonance, softness: 2),
      vibrato: .init(depth: 8, delay: 0.5),
      level: level,
      chorus: 12
    )
  }

  private static func detuned(_ cents: Int) -> Voice {
    Voice(attack: 0.005, release: 0.12, filter: .init(cutoff: 6000, softness: 2), tuning: cents, level: -12)
  }

  private static func quiet(_ level: Double) -> Voice {
    Voice(attack: 0.01, release: 0.12, filter: .init(cutoff: 5000), level: level)
  }

  private static let fifth = Voice(
    attack: 0.005,
    release: 0.12,
    filter: .init(cutoff: 4500),
    transposition: 7,
    level: -9
  )
  private static let octave = Voice(
    attack: 0.003,
    release: 0.1,
    filter: .init(cutoff: 1500),
    transposition: -12,
    level: -9
  )

  /// Programs 88–95: pads.
  static let pads = [
    Patch(
      88,
      "New Age Pad",
      [Layer(Oscillator.saws, pad(cutoff: 1200, attack: 0.4)), Layer(Chimes.glass, chime)]
    ),
    Patch(89, "Warm Pad", [Layer(Oscillator.saws, pad(cutoff: 700, attack: 0.35))]),
    Patch(90, "Polysynth Pad", [Layer(Oscillator.saws, pad(cutoff: 3000, attack: 0.02))]),
    Patch(
      91,
      "Choir Pad",
      [Layer(Crowd.oo, pad(cutoff: 4000, attack: 0.3, level: 0)), Layer(Oscillator.saws, background)]
    ),
    Patch(92, "Bowed Pad", [Layer(Crowd.strings, pad(cutoff: 1800, attack: 0.5, level: 0))]),
    Patch(
      93,
      "Metallic Pad",
      [Layer(Oscillator.pulse, pad(cutoff: 3500, attack: 0.2)), Layer(Chimes.metal, chime)]
    ),
    Patch(
      94,
      "Halo Pad",
      [Layer(Crowd.ah, pad(cutoff: 2500, attack: 0.5, level: 0)), Layer(Oscillator.saws, background)]
    ),
    Patch(95, "Sweep Pad", [Layer(Oscillator.saws, sweeping)]),
  ]

  private static func pad(cutoff: Double, attack: Double, level: Double = -3) -> Voice {
    Voice(
      attack: attack,
      release: 1,
      filter: .init(cutoff: cutoff, resonance: 2, sweep: 0.7, attack: 1, decay: 4, softness: 1),
      level: level,
      chorus: 35,
      reverb: 30
    )
  }

  private static let background = Voice(
    attack: 0.5,
    release: 1,
    filter: .init(cutoff: 900),
    level: -12,
    chorus: 35,
    reverb: 30
  )
  private static let chime = Voice(release: 1.5, level: -7, chorus: 20, reverb: 35)
  private static let sweeping = Voice(
    attack: 0.25,
    release: 1.2,
    filter: .init(cutoff: 500, resonance: 9, sweep: 3.2, attack: 2.2, decay: 4),
    chorus: 35,
    reverb: 30
  )

  /// Programs 96–103: effects.
  static let effects = [
    Patch(
      96,
      "Rain",
      [Layer(Chimes.glass, Voice(release: 2, chorus: 30, reverb: 40)), Layer(Oscillator.saws, background)]
    ),
    Patch(
      97,
      "Soundtrack",
      [Layer(Oscillator.saws, pad(cutoff: 1000, attack: 0.5)), Layer(Oscillator.saws, above)]
    ),
    Patch(98, "Crystal", [Layer(Chimes.glass, Voice(release: 1.5, chorus: 25, reverb: 35))]),
    Patch(
      99,
      "Atmosphere",
      [Layer(Patch.nylon, Voice(release: 1, chorus: 20, reverb: 30)), Layer(Crowd.oo, behind)]
    ),
    Patch(
      100,
      "Brightness",
      [Layer(Chimes.metal, Voice(release: 1, chorus: 25, reverb: 25)), Layer(Crowd.ah, behind)]
    ),
    Patch(
      101,
      "Goblins",
      [Layer(Crowd.oo, pad(cutoff: 1400, attack: 0.6, level: 0)), Layer(Chimes.metal, wobbling)]
    ),
    Patch(
      102,
      "Echoes",
      [
        Layer(Oscillator.pulse, echo(delay: 0, level: -3)),
        Layer(Oscillator.pulse, echo(delay: 0.3, level: -13)),
      ]
    ),
    Patch(
      103,
      "Sci-Fi",
      [Layer(Oscillator.saws, pad(cutoff: 1800, attack: 0.1)), Layer(Chimes.metal, wobbling)]
    ),
  ]

  private static let above = Voice(
    attack: 0.8,
    release: 1,
    filter: .init(cutoff: 1500),
    transposition: 7,
    level: -11,
    chorus: 30,
    reverb: 30
  )
  private static let behind = Voice(attack: 0.3, release: 1, level: -8, chorus: 25, reverb: 30)
  private static let wobbling = Voice(release: 1.5, tremolo: (5, 4), level: -9, chorus: 30, reverb: 40)

  private static func echo(delay: Double, level: Double) -> Voice {
    Voice(
      delay: delay,
      attack: 0.02,
      decay: 3,
      sustain: 12,
      release: 0.8,
      filter: .init(cutoff: 2500),
      level: level,
      chorus: 25,
      reverb: 35
    )
  }
}

/// Imaginary instruments of struck glass and metal.
enum Chimes {
  static let glass = Struck(
    name: "Glass",
    roots: [48, 60, 72, 84, 96],
    modes: [
      .init(1, 0, 1), .init(2, -10, 0.7), .init(3.01, -16, 0.5), .init(5.2, -20, 0.3), .init(8.1, -24, 0.15),
    ],
    ring: 5,
    noise: (-30, 2000...8000, 0.005),
    split: 3
  ).timbre

  static let metal = Struck(
    name: "Metal",
    roots: [48, 60, 72, 84],
    modes: [
      .init(1, 0, 1), .init(2.01, -6, 0.8), .init(3.03, -9, 0.6), .init(4.17, -12, 0.5),
      .init(5.43, -12, 0.4),
      .init(6.79, -15, 0.3), .init(8.21, -18, 0.2),
    ],
    ring: 6,
    noise: (-26, 2000...8000, 0.005),
    split: 3
  ).timbre
}
