extension Patch {
  /// Programs 32–39: basses.
  static let basses = [
    Patch(
      32,
      "Acoustic Bass",
      [Layer(upright, Voice(release: 0.12, filter: .closing(from: 6000, to: 400, in: 1.5)))]
    ),
    Patch(
      33,
      "Finger Bass",
      [Layer(fingered, Voice(release: 0.1, filter: .closing(from: 4500, to: 500, in: 3)))]
    ),
    Patch(
      34,
      "Pick Bass",
      [Layer(slapped, Voice(release: 0.1, filter: .closing(from: 8000, to: 700, in: 3)))]
    ),
    Patch(35, "Fretless Bass", [Layer(fingered, fretless)]),
    Patch(
      36,
      "Slap Bass 1",
      [Layer(slapped, Voice(release: 0.08, filter: .closing(from: 16_000, to: 700, in: 2.5, softness: 3)))]
    ),
    Patch(37, "Slap Bass 2", [Layer(slapped, popped)]),
    Patch(38, "Synth Bass 1", [Layer(Oscillator.saw, synthetic(resonance: 8))]),
    Patch(39, "Synth Bass 2", [Layer(Oscillator.square, synthetic(resonance: 3))]),
  ]

  private static let fretless = Voice(
    attack: 0.012,
    release: 0.12,
    filter: .init(cutoff: 1300, softness: 1.5),
    vibrato: .init(depth: 8, delay: 0.4)
  )
  private static let popped = Voice(
    release: 0.08,
    filter: .init(cutoff: 2500, resonance: 6, sweep: 2.5, decay: 0.4, softness: 2)
  )

  private static func synthetic(resonance: Double) -> Voice {
    Voice(
      decay: 4,
      sustain: 18,
      release: 0.08,
      filter: .init(cutoff: 450, resonance: resonance, sweep: 3, decay: 0.8, softness: 2),
      level: -1,
      reverb: 4
    )
  }

  private static let low = [28, 37, 46, 57]

  private static let upright = Plucked(
    name: "Upright bass",
    roots: low,
    limit: 14_000,
    lead: 0.3,
    position: 0.22,
    edge: (500, 1.4),
    stiffness: 0.00006,
    decay: 22,
    loss: 30,
    body: [(100, 3), (200, 3)],
    bodyCorner: 55,
    noise: (-15, 150...900)
  ).timbre

  private static let fingered = Plucked(
    name: "Fingered bass",
    roots: low,
    limit: 14_000,
    lead: 0.3,
    position: 0.2,
    pickup: 0.17,
    edge: (900, 1.3),
    stiffness: 0.0001,
    decay: 16,
    loss: 14,
    bodyCorner: 40,
    noise: (-22, 300...1500)
  ).timbre

  private static let slapped = Plucked(
    name: "Slapped bass",
    roots: low,
    limit: 20_000,
    lead: 0.25,
    position: 0.08,
    pickup: 0.14,
    edge: (4000, 1),
    stiffness: 0.0001,
    decay: 14,
    loss: 7,
    bodyCorner: 45,
    noise: (-10, 1200...6000)
  ).timbre
}
