extension Patch {
  /// Programs 8–15: chromatic percussion.
  static let chromatic = [
    Patch(8, "Celesta", [Layer(celesta, Voice(release: 0.6, filter: fading(in: 2)))]),
    Patch(9, "Glockenspiel", [Layer(glockenspiel, ringing)]),
    Patch(10, "Music Box", [Layer(musicBox, ringing)]),
    Patch(11, "Vibraphone", [Layer(vibraphone, Voice(release: 0.5, filter: fading(in: 2.5), tremolo: (2, 5.2)))]),
    Patch(12, "Marimba", [Layer(marimba, Voice(undampedFrom: 0, filter: fading(in: 0.6), reverb: 16))]),
    Patch(13, "Xylophone", [Layer(xylophone, ringing)]),
    Patch(14, "Tubular Bells", [Layer(tubularBells, Voice(release: 2))]),
    Patch(
      15,
      "Dulcimer",
      [Layer(dulcimer, Voice(undampedFrom: 0, filter: .closing(from: 10_000, to: 800, in: 3), reverb: 16))]
    ),
  ]

  private static let ringing = Voice(undampedFrom: 0, filter: fading(in: 2), reverb: 16)

  /// A filter for high modes that decay long before the fundamental.
  static func fading(in seconds: Double) -> Voice.Filter {
    .closing(from: 15_000, to: 900, in: seconds, softness: 1.5)
  }

  // The bars of marimba and vibraphone are tuned to 1 : 4 : 10, those of the xylophone to 1 : 3 : 6; the untuned bar of
  // the glockenspiel has 1 : 2.76 : 5.40 : 8.93 (Fletcher and Rossing, chapter 19).

  private static let celesta = Struck(
    name: "Celesta",
    roots: [60, 70, 80, 90, 100],
    modes: [.init(1, 0, 1), .init(2, -24, 0.6), .init(4.1, -20, 0.25), .init(9.7, -30, 0.08)],
    ring: 4,
    noise: (-26, 400...2500, 0.01)
  ).timbre

  private static let glockenspiel = Struck(
    name: "Glockenspiel",
    roots: [72, 82, 92, 102],
    limit: 32_000,
    modes: [.init(1, 0, 1), .init(2.756, -14, 0.4), .init(5.404, -18, 0.2), .init(8.93, -26, 0.1)],
    ring: 6,
    noise: (-24, 3000...9000, 0.004)
  ).timbre

  private static let musicBox = Struck(
    name: "Music box",
    roots: [60, 72, 84, 94],
    modes: [.init(1, 0, 1), .init(2.01, -16, 0.6), .init(6.27, -18, 0.15), .init(17.5, -30, 0.05)],
    ring: 3.5,
    noise: (-20, 2000...8000, 0.003)
  ).timbre

  static let vibraphone = Struck(
    name: "Vibraphone",
    roots: [50, 60, 70, 80, 90],
    limit: 28_000,
    modes: [.init(1, 0, 1), .init(4, -16, 0.35), .init(10.1, -26, 0.1)],
    ring: 9,
    noise: (-30, 300...2000, 0.01)
  ).timbre

  static let marimba = Struck(
    name: "Marimba",
    roots: [40, 52, 64, 76, 88],
    limit: 24_000,
    lead: 0.22,
    modes: [.init(1, 0, 1), .init(3.92, -15, 0.25), .init(9.9, -24, 0.1)],
    ring: 1.9,
    shrink: 0.7,
    noise: (-22, 200...1500, 0.008)
  ).timbre

  private static let xylophone = Struck(
    name: "Xylophone",
    roots: [60, 72, 84, 96],
    limit: 25_000,
    lead: 0.2,
    modes: [.init(1, 0, 1), .init(3, -8, 0.45), .init(6.1, -14, 0.2), .init(10.2, -22, 0.1)],
    ring: 0.9,
    noise: (-16, 800...5000, 0.005)
  ).timbre

  /// The perceived strike note is an octave below the fourth mode; here it is a separate partial.
  private static let tubularBells = Struck(
    name: "Tubular bells",
    roots: [55, 65, 75, 85],
    lead: 0.5,
    loop: 0.25,
    modes: [
      .init(1, -3, 1), .init(2, 0, 0.8), .init(2.98, -4, 0.6), .init(4.13, -7, 0.45), .init(5.42, -11, 0.3),
      .init(6.8, -16, 0.2), .init(0.5, -12, 1),
    ],
    ring: 9,
    shrink: 0.8,
    noise: (-22, 1000...5000, 0.008),
    split: 4
  ).timbre

  private static let dulcimer = Plucked(
    name: "Dulcimer",
    roots: [48, 58, 68, 80],
    limit: 22_050,
    position: 0.13,
    edge: (3000, 1.5),
    stiffness: 0.0002,
    decay: 14,
    loss: 6,
    body: [(330, 3), (1100, 3)],
    bodyCorner: 150,
    noise: (-14, 600...4000)
  ).timbre
}
