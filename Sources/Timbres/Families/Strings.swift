extension Patch {
  /// Programs 40–47: solo strings, harp and timpani.
  static let strings = [
    Patch(40, "Violin", [Layer(violin, bowed)]),
    Patch(41, "Viola", [Layer(viola, bowed)]),
    Patch(42, "Cello", [Layer(cello, bowed)]),
    Patch(43, "Contrabass", [Layer(contrabass, bowed)]),
    Patch(
      44,
      "Tremolo Strings",
      [Layer(Crowd.strings, Voice(attack: 0.05, release: 0.3, tremolo: (3, 9), reverb: 20))]
    ),
    Patch(45, "Pizzicato Strings", [Layer(pizzicato, Voice(release: 0.3, reverb: 20))]),
    Patch(
      46,
      "Orchestral Harp",
      [
        Layer(
          harp,
          Voice(release: 0.9, undampedFrom: 84, filter: .closing(from: 9000, to: 500, in: 3), reverb: 18)
        )
      ]
    ),
    Patch(
      47,
      "Timpani",
      [Layer(timpani, Voice(release: 0.8, filter: .init(cutoff: 8000, softness: 3), reverb: 20))]
    ),
  ]

  static let bowed = Voice(
    attack: 0.05,
    release: 0.18,
    filter: .init(cutoff: 9000, softness: 1.5),
    vibrato: .init(depth: 12, frequency: 5.6, delay: 0.35),
    reverb: 16
  )

  /// The sawtooth of a bowed string through the body's air mode, wood modes and bridge hill (in hertz, for a violin).
  private static func bowedString(_ name: String, roots: [Int], scale: Double, rate: Double) -> Timbre {
    Sustained(
      name: name,
      roots: roots,
      limit: rate,
      lead: 0.12,
      loop: 0.16,
      spectrum: Spectrum.formants(
        slope: 0.6,
        floor: -12,
        [
          (280 * scale, 80 * scale, -2), (470 * scale, 120 * scale, 0), (1000 * scale, 500 * scale, -4),
          (2500 * scale, 1500 * scale, 2),
        ]
      ),
      rise: (0.02, 0.003),
      breath: (-30, 800...7000),
      chiff: (-16, 1000...6000, 0.04),
      roughness: 3
    ).timbre
  }

  static let violin = bowedString("Violin", roots: [55, 63, 71, 79, 88], scale: 1, rate: 26_000)
  private static let viola = bowedString("Viola", roots: [48, 58, 68, 78], scale: 0.78, rate: 22_050)
  private static let cello = bowedString("Cello", roots: [36, 45, 54, 64], scale: 0.5, rate: 20_000)
  private static let contrabass = bowedString(
    "Contrabass",
    roots: [28, 36, 44, 54],
    scale: 0.32,
    rate: 16_000
  )

  private static let pizzicato = Plucked(
    name: "Pizzicato",
    roots: [36, 48, 60, 72, 84],
    limit: 20_000,
    lead: 0.22,
    loop: 0.06,
    position: 0.18,
    edge: (1500, 1.4),
    decay: 60,
    loss: 40,
    body: [(280, 4), (480, 3)],
    bodyCorner: 110,
    noise: (-13, 300...2000)
  ).timbre

  private static let harp = Plucked(
    name: "Harp",
    roots: [36, 48, 60, 72, 86],
    position: 0.42,
    edge: (1900, 1.3),
    stiffness: 0.00002,
    decay: 13,
    loss: 10,
    body: [(180, 3), (360, 2)],
    bodyCorner: 90,
    noise: (-22, 400...2500)
  ).timbre

  /// The kettle shifts the membrane's preferred modes close to 1 : 1.5 : 2 : 2.44 : 2.9.
  private static let timpani = Struck(
    name: "Timpani",
    roots: [38, 44, 50, 57],
    limit: 14_000,
    lead: 0.45,
    loop: 0.12,
    modes: [
      .init(1, 0, 1), .init(1.504, -4, 0.8), .init(1.99, -9, 0.6), .init(2.44, -15, 0.4),
      .init(2.9, -19, 0.3),
      .init(0.85, -12, 0.12), .init(1.7, -12, 0.1),
    ],
    ring: 1.5,
    shrink: 0.8,
    noise: (-12, 60...700, 0.03),
    onset: 0.002
  ).timbre
}
