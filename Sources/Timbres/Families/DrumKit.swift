/// A key of the drum kit.
struct Stroke: Sendable {
  var key: UInt8
  var timbre: Timbre
  /// Pitch in semitones, level in decibels, and pan from −1 (left) to 1 (right).
  var pitch = 0
  var level = 0.0
  var pan = 0.0
  /// Strokes of the same exclusive class choke each other.
  var exclusiveClass: Int16?
  /// The time in seconds to decay by 60 dB, if shorter than that of the sample.
  var decay: Double?

  init(
    _ key: UInt8,
    _ timbre: Timbre,
    pitch: Int = 0,
    level: Double = 0,
    pan: Double = 0,
    exclusiveClass: Int16? = nil,
    decay: Double? = nil
  ) {
    self.key = key
    self.timbre = timbre
    self.pitch = pitch
    self.level = level
    self.pan = pan
    self.exclusiveClass = exclusiveClass
    self.decay = decay
  }
}

extension Stroke {
  /// The General MIDI percussion, keys 35–81.
  static let kit: [Stroke] = [
    Stroke(35, kick, pitch: -2), Stroke(36, kick), Stroke(37, stick, level: -4), Stroke(38, snare),
    Stroke(39, clap, level: -3), Stroke(40, tightSnare),
    Stroke(41, lowTom, pitch: -3, pan: -0.4), Stroke(42, closedHat, level: -8, pan: 0.2, exclusiveClass: 1),
    Stroke(43, lowTom, pan: -0.3), Stroke(44, pedalHat, level: -10, pan: 0.2, exclusiveClass: 1),
    Stroke(45, lowTom, pitch: 3, pan: -0.1), Stroke(46, openHat, level: -8, pan: 0.2, exclusiveClass: 1),
    Stroke(47, highTom, pitch: -3, pan: 0.1), Stroke(48, highTom, pan: 0.3),
    Stroke(49, crash, level: -4, pan: -0.3),
    Stroke(50, highTom, pitch: 3, pan: 0.4), Stroke(51, ride, level: -9, pan: 0.35),
    Stroke(52, crash, pitch: -4, level: -4, pan: 0.3, decay: 1.2), Stroke(53, rideBell, level: -9, pan: 0.35),
    Stroke(54, tambourine, level: -6), Stroke(55, crash, pitch: 4, level: -5, pan: -0.2, decay: 0.8),
    Stroke(56, cowbell, level: -6), Stroke(57, crash, pitch: 2, level: -4, pan: 0.3),
    Stroke(58, vibraslap, level: -6),
    Stroke(59, ride, pitch: 2, level: -9, pan: 0.4),
    Stroke(60, bongo, pitch: 5, level: -4, pan: 0.3), Stroke(61, bongo, level: -4, pan: 0.3),
    Stroke(62, conga, pitch: 4, level: -5, pan: -0.3, decay: 0.12),
    Stroke(63, conga, pitch: 4, level: -3, pan: -0.3),
    Stroke(64, conga, level: -3, pan: -0.2),
    Stroke(65, timbale, pitch: 5, level: -5, pan: 0.2), Stroke(66, timbale, level: -5, pan: 0.2),
    Stroke(67, agogo, pitch: 5, level: -7, pan: -0.4), Stroke(68, agogo, level: -7, pan: -0.4),
    Stroke(69, cabasa, level: -8, pan: -0.4), Stroke(70, maracas, level: -9, pan: -0.4),
    Stroke(71, whistle, level: -3, pan: 0.4, exclusiveClass: 2, decay: 0.25),
    Stroke(72, whistle, level: -3, pan: 0.4, exclusiveClass: 2),
    Stroke(73, guiro, level: -7, pan: 0.4, exclusiveClass: 3, decay: 0.15),
    Stroke(74, guiro, level: -7, pan: 0.4, exclusiveClass: 3),
    Stroke(75, claves, level: -7, pan: 0.2), Stroke(76, woodblock, pitch: 4, level: -6, pan: 0.3),
    Stroke(77, woodblock, level: -6, pan: 0.3),
    Stroke(78, mutedCuica, level: -7, pan: -0.3, exclusiveClass: 4),
    Stroke(79, openCuica, level: -7, pan: -0.3, exclusiveClass: 4),
    Stroke(80, triangle, level: -2, pan: -0.4, exclusiveClass: 5, decay: 0.12),
    Stroke(81, triangle, level: -2, pan: -0.4, exclusiveClass: 5),
  ]

  private static let kick = Drums.head(
    "Kick",
    pitch: 52,
    ring: 0.5,
    glide: 1.6,
    overtones: -20,
    click: -13,
    seconds: 0.4
  )
  private static let stick = Drums.block(
    "Side stick",
    [(480, -4, 0.06), (1720, 0, 0.05), (2700, -6, 0.04)],
    seconds: 0.1
  )
  private static let snare = Drums.snare("Snare", pitch: 185, wires: 0.55)
  private static let tightSnare = Drums.snare("Tight snare", pitch: 235, wires: 0.8)
  private static let clap = Drums.grains(
    "Clap",
    band: 700...3500,
    times: [0, 0.011, 0.022, 0.033],
    fall: 0.006,
    tail: 0.05,
    seconds: 0.3
  )
  private static let lowTom = Drums.head("Low tom", pitch: 92, ring: 1.2, seconds: 0.7)
  private static let highTom = Drums.head("High tom", pitch: 150, ring: 0.9, seconds: 0.55)
  private static let closedHat = Drums.cymbal("Closed hat", from: 4500, ring: 0.2, seconds: 0.16)
  private static let pedalHat = Drums.cymbal(
    "Pedal hat",
    from: 3500,
    ring: 0.22,
    seconds: 0.16,
    wash: 0.5,
    rise: 0.004
  )
  private static let openHat = Drums.cymbal("Open hat", from: 3600, ring: 1.3, seconds: 0.35)
  private static let crash = Drums.cymbal(
    "Crash",
    from: 450,
    ring: 2.8,
    seconds: 0.55,
    wash: 1.4,
    rise: 0.008
  )
  private static let ride = Drums.cymbal("Ride", from: 550, ring: 3.2, seconds: 0.5, bell: -24, wash: 0.45)
  private static let rideBell = Drums.cymbal(
    "Ride bell",
    from: 400,
    ring: 2.6,
    seconds: 0.4,
    bell: -8,
    wash: 0.3
  )
  private static let tambourine = Drums.cymbal(
    "Tambourine",
    from: 6000,
    ring: 0.35,
    seconds: 0.25,
    wash: 0.9,
    rise: 0.003
  )
  private static let cowbell = Drums.block(
    "Cowbell",
    [(562, 0, 0.25), (845, -1, 0.3), (1690, -12, 0.15), (2900, -16, 0.1)],
    seconds: 0.3
  )
  private static let vibraslap = Drums.grains(
    "Vibraslap",
    band: 1800...5500,
    times: (0..<20).map { 0.028 * Double($0) },
    fall: 0.007,
    tail: 0.05,
    seconds: 0.65
  )
  private static let bongo = Drums.head(
    "Bongo",
    pitch: 300,
    ring: 0.25,
    glide: 0.08,
    click: -12,
    seconds: 0.25
  )
  private static let conga = Drums.head(
    "Conga",
    pitch: 185,
    ring: 0.4,
    glide: 0.06,
    click: -14,
    seconds: 0.35
  )
  private static let timbale = Drums.head(
    "Timbale",
    pitch: 320,
    ring: 0.4,
    glide: 0.04,
    overtones: -3,
    click: -8,
    seconds: 0.35
  )
  private static let agogo = Drums.block(
    "Agogo kit",
    [(690, 0, 0.5), (1085, -6, 0.35), (1870, -8, 0.3), (3300, -14, 0.2)],
    seconds: 0.4
  )
  private static let cabasa = Drums.grains(
    "Cabasa",
    band: 4500...11_000,
    times: [0, 0.02],
    fall: 0.01,
    tail: 0.02,
    seconds: 0.15,
    rise: 0.006
  )
  private static let maracas = Drums.grains(
    "Maracas",
    band: 5000...11_500,
    times: [0],
    fall: 0.015,
    tail: 0.015,
    seconds: 0.1,
    rise: 0.004
  )
  private static let whistle = Drums.block(
    "Whistle kit",
    [(2350, 0, 3), (2392, -3, 3), (4720, -22, 3)],
    noise: -16,
    seconds: 0.55
  )
  private static let guiro = Drums.grains(
    "Guiro",
    band: 1500...7000,
    times: (0..<24).map { 0.015 * Double($0) },
    fall: 0.005,
    tail: 0.01,
    seconds: 0.42
  )
  private static let claves = Drums.block(
    "Claves",
    [(2500, 0, 0.1), (5100, -22, 0.05)],
    noise: -22,
    seconds: 0.12
  )
  private static let woodblock = Drums.block(
    "Block",
    [(820, 0, 0.09), (1480, -8, 0.06), (2300, -14, 0.04)],
    seconds: 0.12
  )
  private static let mutedCuica = Drums.block(
    "Muted cuica",
    [(560, 0, 0.2), (1120, -6, 0.15), (1680, -12, 0.12)],
    noise: -26,
    seconds: 0.2,
    glide: .init(depth: 0.25, time: 0.05)
  )
  private static let openCuica = Drums.block(
    "Open cuica",
    [(420, 0, 0.6), (840, -5, 0.5), (1260, -10, 0.4), (1680, -14, 0.3)],
    noise: -26,
    seconds: 0.4,
    glide: .init(depth: 0.4, time: 0.12)
  )
  private static let triangle = Drums.block(
    "Triangle kit",
    [(1730, -14, 0.8), (3980, -6, 1), (5240, 0, 1.2), (7830, -4, 1), (10_900, -8, 0.8)],
    noise: -20,
    seconds: 0.9
  )
}
