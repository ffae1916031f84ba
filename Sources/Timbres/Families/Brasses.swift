/// Lip reeds: harmonics up to a cutoff that depends on the instrument; higher ones build up later (Risset and Mathews
/// 1969).
enum Brasses {
  static let trumpet = brass(
    "Trumpet",
    roots: [54, 61, 68, 75, 84],
    corner: 2800,
    formant: 1300,
    rate: 26_000
  )
  static let muted = Sustained(
    name: "Muted trumpet",
    roots: [54, 62, 70, 80],
    lead: 0.1,
    loop: 0.06,
    spectrum: Spectrum.formants(slope: 0.2, floor: -22, [(1600, 700, 0), (3000, 1200, -4)]),
    rise: (0.006, 0.001),
    breath: (-36, 1500...7000)
  ).timbre
  static let trombone = brass(
    "Trombone",
    roots: [36, 44, 52, 60, 68],
    corner: 1100,
    formant: 600,
    rate: 18_000
  )
  static let tuba = brass("Tuba", roots: [26, 34, 42, 50], corner: 420, formant: 250, rate: 11_025)
  static let horn = brass("Horn", roots: [38, 46, 54, 62, 72], corner: 620, formant: 380, rate: 14_000)
  static let section = Sustained(
    name: "Brass section",
    roots: [40, 51, 62, 73],
    loop: 0.33,
    spectrum: shape(corner: 1800, formant: 900),
    ensemble: (7, 2),
    breath: (-38, 1000...6000)
  ).timbre

  private static func shape(corner: Double, formant: Double) -> Spectrum.Shape {
    { n, f in
      let distance = (f - formant) / (0.6 * formant)
      return (0.35 + 0.8 / (1 + distance * distance)) * lowPass(f, corner: corner, order: 2.4)
        / (n < 2 ? 1.2 : 1)
    }
  }

  private static func brass(_ name: String, roots: [Int], corner: Double, formant: Double, rate: Double)
    -> Timbre
  {
    Sustained(
      name: name,
      roots: roots,
      limit: rate,
      lead: 0.12,
      loop: 0.06,
      spectrum: shape(corner: corner, formant: formant),
      rise: (0.006, 0.003),
      breath: (-38, 500...5000),
      chiff: (-20, 300...2000, 0.02),
      roughness: 1.5
    ).timbre
  }
}

extension Patch {
  /// Programs 56–63: brass.
  static let brass = [
    Patch(56, "Trumpet", [Layer(Brasses.trumpet, blown(cutoff: 12_000))]),
    Patch(57, "Trombone", [Layer(Brasses.trombone, blown(cutoff: 9000))]),
    Patch(58, "Tuba", [Layer(Brasses.tuba, blown(cutoff: 5000))]),
    Patch(59, "Muted Trumpet", [Layer(Brasses.muted, blown(cutoff: 12_000))]),
    Patch(60, "French Horn", [Layer(Brasses.horn, blown(cutoff: 5000, attack: 0.03, reverb: 22))]),
    Patch(61, "Brass Section", [Layer(Brasses.section, sectional)]),
    Patch(62, "Synth Brass 1", [Layer(Oscillator.saws, synthetic(cutoff: 900, sweep: 3))]),
    Patch(63, "Synth Brass 2", [Layer(Oscillator.saws, synthetic(cutoff: 700, sweep: 2))]),
  ]

  private static func blown(cutoff: Double, attack: Double = 0.012, reverb: Double = 14) -> Voice {
    Voice(
      attack: attack,
      release: 0.1,
      filter: .init(cutoff: cutoff, tracking: 0.3, softness: 3),
      vibrato: .init(depth: 6, frequency: 5.2, delay: 0.6),
      reverb: reverb
    )
  }

  private static let sectional = Voice(
    attack: 0.03,
    release: 0.15,
    filter: .init(cutoff: 5000, tracking: 0.3, sweep: 1, attack: 0.06, decay: 0.8, softness: 2.5),
    reverb: 18
  )

  private static func synthetic(cutoff: Double, sweep: Double) -> Voice {
    Voice(
      attack: 0.015,
      release: 0.15,
      filter: .init(cutoff: cutoff, resonance: 3, sweep: sweep, attack: 0.04, decay: 1.4, softness: 2),
      chorus: 20
    )
  }
}
