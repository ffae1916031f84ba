extension Patch {
  /// Programs 16–23: organs and free reeds.
  static let organs = [
    Patch(16, "Drawbar Organ", [Layer(drawbars, Voice(attack: 0.006, release: 0.06, chorus: 20))]),
    Patch(
      17,
      "Percussive Organ",
      [
        Layer(flutes, Voice(attack: 0.004, release: 0.06, chorus: 15, reverb: 12)),
        Layer(flutes, Voice(decay: 0.35, sustain: 100, release: 0.06, transposition: 19, level: -4)),
      ]
    ),
    Patch(
      18,
      "Rock Organ",
      [Layer(rock, Voice(attack: 0.004, release: 0.06, tremolo: (1.5, 6.4), chorus: 30))]
    ),
    Patch(19, "Church Organ", [Layer(principals, Voice(attack: 0.05, release: 0.5, reverb: 35))]),
    Patch(
      20,
      "Reed Organ",
      [Layer(bandoneon, Voice(attack: 0.06, release: 0.12, filter: .init(cutoff: 2500)))]
    ),
    Patch(21, "Accordion", [Layer(accordion, Voice(attack: 0.03, release: 0.1))]),
    Patch(
      22,
      "Harmonica",
      [Layer(harmonica, Voice(attack: 0.02, release: 0.1, vibrato: .init(depth: 8, frequency: 5)))]
    ),
    Patch(23, "Tango Accordion", [Layer(bandoneon, Voice(attack: 0.025, release: 0.1))]),
  ]

  /// The levels of the drawbars 16', 5⅓', 8', 4', 2⅔', 2', 1⅗', 1⅓', 1', each a sine.
  private static func stops(_ levels: [Double]) -> Spectrum.Shape {
    { n, _ in ratio(decibels: levels[footages.firstIndex(of: n) ?? 0]) }
  }
  private static let footages = [0.5, 1.5, 1, 2, 3, 4, 5, 6, 8]

  private static func tonewheels(_ name: String, _ levels: [Double]) -> Timbre {
    Sustained(
      name: name,
      ratios: footages,
      unit: 2,
      spectrum: stops(levels),
      chiff: (-22, 1500...7000, 0.003),
      roughness: 0.5
    ).timbre
  }

  private static let drawbars = tonewheels("Drawbars", [-5, -9, 0, -3, -9, -8, -18, -18, -14])
  private static let flutes = tonewheels("Organ flutes", [-4, -60, 0, -12, -60, -24, -60, -60, -60])
  private static let rock = tonewheels("Rock organ", [-4, -6, 0, -5, -4, -5, -10, -9, -5])

  /// Principals 8', 4', 2' and a mixture, each rank with steeply falling harmonics.
  private static let principals = Sustained(
    name: "Principals",
    roots: [36, 48, 60, 72, 86],
    loop: 0.25,
    spectrum: { n, f in
      let rank =
        n.truncatingRemainder(dividingBy: 4) == 0
        ? 1.6 : n.truncatingRemainder(dividingBy: 2) == 0 ? 1.3 : 0.8
      return rank / n * lowPass(f, corner: 3200, order: 1.5)
    },
    ensemble: (3, 1),
    breath: (-38, 300...6000)
  ).timbre

  private static func freeReed(_ name: String, width: Double, _ formants: (Double, Double, Double)...)
    -> Timbre
  {
    Sustained(
      name: name,
      roots: [43, 55, 67, 79],
      loop: 0.22,
      spectrum: Spectrum.formants(slope: 0.7, floor: -10, formants.map { ($0.0, $0.1, $0.2) }),
      ensemble: (width, width > 0 ? 1 : 0),
      breath: (-40, 1000...6000),
      roughness: 2
    ).timbre
  }

  private static let accordion = freeReed("Accordion", width: 9, (700, 800, 0), (2100, 1200, -4))
  private static let harmonica = freeReed("Harmonica", width: 0, (900, 700, 0), (2500, 1000, 0))
  private static let bandoneon = freeReed("Bandoneon", width: 2, (600, 500, 0), (1500, 700, 0))
}
