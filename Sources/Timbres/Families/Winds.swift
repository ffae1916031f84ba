/// Woodwinds: reeds and pipes.
enum Winds {
  static let soprano = reed(
    "Soprano sax",
    [56, 63, 70, 78],
    (800, 500, 0),
    (1700, 900, -4),
    (3200, 1500, -10)
  )
  static let alto = reed("Alto sax", [49, 57, 65, 74], (600, 400, 0), (1300, 700, -3), (2800, 1500, -12))
  static let tenor = reed("Tenor sax", [44, 52, 60, 69], (480, 350, 0), (1050, 600, -3), (2500, 1400, -12))
  static let baritone = reed(
    "Baritone sax",
    [36, 44, 52, 61],
    (340, 280, 0),
    (850, 500, -3),
    (2200, 1200, -12)
  )
  static let oboe = reed("Oboe", [58, 65, 72, 80, 88], (1050, 500, 0), (2900, 900, -6))
  static let english = reed("English horn", [52, 59, 66, 75], (900, 400, 0), (1900, 800, -10))
  static let bassoon = reed("Bassoon", [34, 42, 50, 58, 67], (440, 200, 0), (1150, 400, -10))
  static let shanai = reed("Shanai", [55, 64, 73, 82], (1300, 500, 0), (2800, 1200, 0))
  static let bagpipe = reed("Chanter", [55, 64, 73, 82], (1000, 700, 0), (2500, 1500, 0), (4000, 2000, -6))

  /// A cylindrical bore closed at one end: even harmonics are weak up to about 1.5 kHz.
  static let clarinet = Sustained(
    name: "Clarinet",
    roots: [50, 58, 66, 74, 84],
    lead: 0.1,
    loop: 0.06,
    spectrum: { n, f in
      let even = n.truncatingRemainder(dividingBy: 2) == 0 ? min(1, 0.06 + f / 6000) : 1
      return even * lowPass(f, corner: 1300, order: 2.2) / n.squareRoot()
    },
    rise: (0.015, 0.002),
    breath: (-40, 1000...6000),
    chiff: (-26, 500...3000, 0.02),
    roughness: 2
  ).timbre

  static let flute = pipe("Flute", breath: -31, Spectrum.levels(0, -7, -15, -24, -30, -38, -44))
  static let recorder = pipe("Recorder", breath: -32, Spectrum.levels(0, -22, -12, -32, -28, -42))
  static let panFlute = pipe("Pan flute", breath: -19, Spectrum.levels(0, -26, -16, -36, -32), chiff: -6)
  static let bottle = pipe("Bottle", breath: -15, Spectrum.levels(0, -30, -38), chiff: -10)
  static let shakuhachi = pipe(
    "Shakuhachi",
    breath: -18,
    Spectrum.levels(0, -5, -13, -18, -26, -32),
    chiff: -4
  )
  static let whistle = pipe("Whistle", breath: -24, Spectrum.levels(0, -34, -44))

  private static func reed(
    _ name: String,
    _ roots: [Int],
    _ formants: (frequency: Double, width: Double, level: Double)...
  ) -> Timbre {
    Sustained(
      name: name,
      roots: roots,
      lead: 0.1,
      loop: 0.06,
      spectrum: Spectrum.formants(slope: 0.45, floor: -20, formants),
      rise: (0.01, 0.0015),
      breath: (-40, 1200...6000),
      chiff: (-22, 500...4000, 0.02),
      roughness: 1.5
    ).timbre
  }

  private static func pipe(
    _ name: String,
    breath: Double,
    _ spectrum: @escaping Spectrum.Shape,
    chiff: Double = -14
  ) -> Timbre {
    Sustained(
      name: name,
      roots: [60, 71, 82, 93],
      limit: 24_000,
      lead: 0.12,
      loop: 0.2,
      spectrum: spectrum,
      rise: (0.02, 0.01),
      breath: (breath, 600...6000),
      chiff: (chiff, 700...6000, 0.03)
    ).timbre
  }
}

extension Patch {
  /// Programs 64–79: reeds and pipes.
  static let winds = [
    Patch(64, "Soprano Sax", [Layer(Winds.soprano, reed)]),
    Patch(65, "Alto Sax", [Layer(Winds.alto, reed)]),
    Patch(66, "Tenor Sax", [Layer(Winds.tenor, reed)]),
    Patch(67, "Baritone Sax", [Layer(Winds.baritone, reed)]),
    Patch(68, "Oboe", [Layer(Winds.oboe, reed)]),
    Patch(69, "English Horn", [Layer(Winds.english, reed)]),
    Patch(70, "Bassoon", [Layer(Winds.bassoon, reed)]),
    Patch(71, "Clarinet", [Layer(Winds.clarinet, reed)]),
    Patch(72, "Piccolo", [Layer(Winds.flute, pipe(vibrato: 7, cutoff: 14_000))]),
    Patch(73, "Flute", [Layer(Winds.flute, pipe(vibrato: 9))]),
    Patch(74, "Recorder", [Layer(Winds.recorder, pipe(vibrato: 3))]),
    Patch(75, "Pan Flute", [Layer(Winds.panFlute, pipe(vibrato: 5))]),
    Patch(76, "Blown Bottle", [Layer(Winds.bottle, pipe(vibrato: 0))]),
    Patch(77, "Shakuhachi", [Layer(Winds.shakuhachi, pipe(vibrato: 15))]),
    Patch(78, "Whistle", [Layer(Winds.whistle, pipe(vibrato: 10))]),
    Patch(79, "Ocarina", [Layer(Winds.whistle, pipe(vibrato: 4, cutoff: 2500))]),
  ]

  static let reed = Voice(
    attack: 0.012,
    release: 0.1,
    filter: .init(cutoff: 10_000, tracking: 0.3, softness: 2),
    vibrato: .init(depth: 7, frequency: 5.2, delay: 0.5),
    reverb: 14
  )

  static func pipe(vibrato: Double, cutoff: Double = 9000) -> Voice {
    Voice(
      attack: 0.02,
      release: 0.12,
      filter: .init(cutoff: cutoff, softness: 1),
      vibrato: .init(depth: vibrato, frequency: 5, delay: 0.4),
      reverb: 18
    )
  }
}
