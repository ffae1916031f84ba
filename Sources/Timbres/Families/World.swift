extension Patch {
  /// Programs 104–111: the General MIDI group "ethnic".
  static let world = [
    Patch(
      104,
      "Sitar",
      [
        Layer(
          sitar,
          Voice(release: 0.6, filter: .closing(from: 14_000, to: 1500, in: 4, softness: 1), chorus: 8)
        )
      ]
    ),
    Patch(
      105,
      "Banjo",
      [Layer(banjo, Voice(release: 0.2, filter: .closing(from: 13_000, to: 1500, in: 1.5)))]
    ),
    Patch(106, "Shamisen", [Layer(shamisen, Voice(release: 0.15))]),
    Patch(
      107,
      "Koto",
      [Layer(koto, Voice(release: 0.5, filter: .closing(from: 12_000, to: 900, in: 3), reverb: 16))]
    ),
    Patch(108, "Kalimba", [Layer(kalimba, Voice(undampedFrom: 0, filter: fading(in: 1)))]),
    Patch(
      109,
      "Bagpipe",
      [Layer(Winds.bagpipe, Voice(attack: 0.03, release: 0.08)), Layer(Winds.bagpipe, drone)]
    ),
    Patch(110, "Fiddle", [Layer(Patch.violin, Voice(attack: 0.02, release: 0.12, vibrato: .init(depth: 8)))]),
    Patch(111, "Shanai", [Layer(Winds.shanai, Patch.reed)]),
  ]

  private static let drone = Voice(attack: 0.05, release: 0.1, transposition: -12, level: -7)

  /// The string buzzes on a wide bridge, which sustains the high harmonics.
  private static let sitar = Plucked(
    name: "Sitar",
    roots: [43, 53, 63, 75],
    limit: 22_050,
    lead: 0.36,
    position: 0.09,
    edge: (7000, 1),
    stiffness: 0,
    decay: 11,
    loss: 1,
    body: [(1200, 5), (2600, 6)],
    bodyCorner: 120,
    noise: (-20, 1500...7000),
    roughness: 4
  ).timbre

  private static let banjo = Plucked(
    name: "Banjo",
    roots: [48, 58, 68, 78],
    limit: 25_000,
    lead: 0.18,
    loop: 0.05,
    position: 0.1,
    edge: (4500, 1.2),
    decay: 40,
    loss: 10,
    body: [(500, 5), (900, 4), (2300, 4)],
    bodyCorner: 260,
    noise: (-14, 800...5000)
  ).timbre

  private static let shamisen = Plucked(
    name: "Shamisen",
    roots: [48, 58, 68, 78],
    limit: 24_000,
    lead: 0.18,
    loop: 0.05,
    position: 0.07,
    edge: (4000, 1.2),
    decay: 45,
    loss: 12,
    body: [(700, 6), (1500, 4)],
    bodyCorner: 300,
    noise: (-9, 500...4000)
  ).timbre

  private static let koto = Plucked(
    name: "Koto",
    roots: [48, 58, 68, 80],
    limit: 22_050,
    position: 0.12,
    edge: (4000, 1.3),
    stiffness: 0.00003,
    decay: 14,
    loss: 7,
    body: [(260, 3), (800, 4)],
    bodyCorner: 140,
    noise: (-15, 800...5000)
  ).timbre

  private static let kalimba = Struck(
    name: "Kalimba",
    roots: [53, 63, 73, 84],
    modes: [.init(1, 0, 1), .init(5.4, -20, 0.1), .init(6.27, -18, 0.12)],
    ring: 2.8,
    noise: (-18, 300...2500, 0.008)
  ).timbre

  /// Programs 112–119: pitched percussion.
  static let percussive = [
    Patch(112, "Tinkle Bell", [Layer(bell, Voice(undampedFrom: 0, reverb: 20))]),
    Patch(113, "Agogo", [Layer(agogo, Voice(undampedFrom: 0))]),
    Patch(114, "Steel Drums", [Layer(steelDrum, Voice(undampedFrom: 0, filter: fading(in: 2.5), reverb: 16))]),
    Patch(115, "Woodblock", [Layer(woodblock, Voice(undampedFrom: 0))]),
    Patch(116, "Taiko Drum", [Layer(taiko, Voice(undampedFrom: 0, reverb: 22))]),
    Patch(117, "Melodic Tom", [Layer(tom, Voice(undampedFrom: 0, bend: (250, 0.25)))]),
    Patch(118, "Synth Drum", [Layer(synthDrum, Voice(undampedFrom: 0, bend: (1200, 0.3)))]),
    Patch(
      119,
      "Reverse Cymbal",
      [Layer(Noises.wash, Voice(attack: 1.6, decay: 0.1, sustain: 100, release: 0.1, reverb: 20))]
    ),
  ]

  private static let bell = Struck(
    name: "Tinkle bell",
    roots: [60, 72, 84],
    limit: 30_000,
    modes: [.init(1, 0, 1), .init(2.41, -6, 0.6), .init(4.1, -10, 0.4), .init(5.93, -14, 0.25)],
    ring: 4,
    noise: (-26, 3000...9000, 0.003),
    split: 5
  ).timbre

  private static let agogo = Struck(
    name: "Agogo",
    roots: [60, 72, 84],
    lead: 0.2,
    modes: [.init(1, 0, 1), .init(1.53, -8, 0.5), .init(2.71, -8, 0.5), .init(4.9, -14, 0.3)],
    ring: 0.8,
    noise: (-18, 1500...7000, 0.004)
  ).timbre

  private static let steelDrum = Struck(
    name: "Steel drum",
    roots: [50, 60, 70, 80],
    modes: [
      .init(1, 0, 1), .init(2, -4, 0.8), .init(3.01, -12, 0.5), .init(4.02, -16, 0.3), .init(5.3, -22, 0.15),
    ],
    ring: 1.8,
    noise: (-18, 300...2500, 0.012),
    onset: 0.004,
    split: 5
  ).timbre

  private static let woodblock = Struck(
    name: "Woodblock",
    roots: [60, 72, 84],
    lead: 0.15,
    modes: [.init(1, 0, 1), .init(2.6, -12, 0.5), .init(4.2, -18, 0.3)],
    ring: 0.35,
    shrink: 0.85,
    noise: (-14, 800...5000, 0.004)
  ).timbre

  /// The modes of an ideal membrane: 1 : 1.59 : 2.14 : 2.30 : 2.65 (Rayleigh).
  private static func head(_ name: String, ring: Double, noise: Double, overtones: Double) -> Timbre {
    Struck(
      name: name,
      roots: [36, 48, 60],
      limit: 16_000,
      lead: 0.3,
      modes: [
        .init(1, 0, 1), .init(1.593, overtones, 0.45), .init(2.135, overtones - 5, 0.3),
        .init(2.295, overtones - 7, 0.25), .init(2.653, overtones - 10, 0.2),
      ],
      ring: ring,
      shrink: 0.85,
      noise: (noise, 100...2500, 0.015)
    ).timbre
  }

  private static let taiko = head("Taiko", ring: 1.1, noise: -8, overtones: -5)
  static let tom = head("Tom", ring: 0.75, noise: -12, overtones: -8)
  private static let synthDrum = head("Synth drum", ring: 0.7, noise: -30, overtones: -40)
}
