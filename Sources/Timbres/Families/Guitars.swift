internal import Glibc

extension Patch {
  /// Programs 24–31: guitars.
  static let guitars = [
    Patch(24, "Nylon Guitar", [Layer(nylon, picked(from: 8000, to: 450, in: 2))]),
    Patch(25, "Steel Guitar", [Layer(steel, picked(from: 11_000, to: 700, in: 3.5))]),
    Patch(
      26,
      "Jazz Guitar",
      [Layer(electric, Voice(release: 0.12, filter: .init(cutoff: 1500, softness: 1)))]
    ),
    Patch(27, "Clean Guitar", [Layer(electric, clean)]),
    Patch(28, "Muted Guitar", [Layer(electric, muted)]),
    Patch(29, "Overdriven Guitar", [Layer(distortion, overdriven)]),
    Patch(30, "Distortion Guitar", [Layer(distortion, driven)]),
    Patch(31, "Guitar Harmonics", [Layer(harmonics, picked(from: 12_000, to: 1500, in: 3))]),
  ]

  private static func picked(from high: Double, to low: Double, in seconds: Double) -> Voice {
    Voice(release: 0.2, filter: .closing(from: high, to: low, in: seconds, softness: 2.5))
  }
  private static let clean = Voice(release: 0.15, filter: .closing(from: 9000, to: 900, in: 4), chorus: 20)
  private static let muted = Voice(
    decay: 0.9,
    sustain: 100,
    release: 0.08,
    filter: .init(cutoff: 2200, softness: 1)
  )
  private static let overdriven = Voice(
    decay: 12,
    sustain: 100,
    release: 0.12,
    filter: .init(cutoff: 2200, resonance: 2, softness: 1),
    chorus: 8
  )
  private static let driven = Voice(
    decay: 14,
    sustain: 100,
    release: 0.12,
    vibrato: .init(depth: 6, delay: 0.7),
    chorus: 8
  )

  static let nylon = Plucked(
    name: "Nylon guitar",
    position: 0.2,
    edge: (1300, 1.4),
    stiffness: 0.00003,
    decay: 14,
    loss: 16,
    body: [(105, 5), (210, 5), (420, 2)],
    bodyCorner: 85,
    noise: (-17, 400...2500)
  ).timbre

  static let steel = Plucked(
    name: "Steel guitar",
    limit: 22_050,
    position: 0.14,
    edge: (3500, 1.2),
    stiffness: 0.00006,
    decay: 10,
    loss: 7,
    body: [(110, 4), (220, 3), (2800, 2)],
    bodyCorner: 110,
    noise: (-18, 1500...6000)
  ).timbre

  static let electric = Plucked(
    name: "Electric guitar",
    position: 0.18,
    pickup: 0.1,
    edge: (2600, 1.2),
    stiffness: 0.00006,
    decay: 8,
    loss: 6,
    bodyCorner: 60,
    noise: (-24, 1000...5000)
  ).timbre

  private static let harmonics = Struck(
    name: "Harmonics",
    roots: [52, 64, 76, 88],
    modes: [.init(1, 0, 1), .init(2, -10, 0.6), .init(3, -20, 0.4), .init(4, -30, 0.3)],
    ring: 5,
    noise: (-24, 1500...6000, 0.006)
  ).timbre

  /// An overdriven amplifier holds a string at full level, and adds harmonics up to the speaker's limit.
  static let distortion = Sustained(
    name: "Distortion",
    roots: [40, 50, 60, 70, 82],
    lead: 0.1,
    loop: 0.2,
    spectrum: { n, f in
      let even = n.truncatingRemainder(dividingBy: 2) == 0 ? 0.8 : 1
      return even * pow(n, -0.6) * lowPass(f, corner: 4200, order: 3) / (1 + pow(90 / f, 2))
    },
    rise: (0.002, 0.0005),
    ensemble: (2, 1),
    chiff: (-10, 800...4500, 0.02),
    roughness: 2
  ).timbre

}
