/// The basic waveforms of synthesizers, with one or a few periods in a loop.
enum Oscillator {
  static let saw = wave("Saw", Spectrum.saw())
  static let square = wave("Square", Spectrum.pulse(0.5))
  static let pulse = wave("Pulse", Spectrum.pulse(0.2))
  static let triangle = wave("Triangle") { n, _ in n.truncatingRemainder(dividingBy: 2) == 0 ? 0 : 1 / (n * n)
  }

  /// Detuned sawtooth waves, for pads.
  static let saws = Sustained(
    name: "Saws",
    roots: [36, 48, 60, 74],
    loop: 0.4,
    spectrum: Spectrum.saw(7000),
    ensemble: (11, 2),
    loudness: -16.5,
    roughness: 0
  ).timbre

  private static func wave(_ name: String, _ spectrum: @escaping Spectrum.Shape) -> Timbre {
    Sustained(
      name: name,
      roots: Array(stride(from: 28, through: 100, by: 8)),
      limit: 32_000,
      loop: 0.02,
      spectrum: spectrum,
      loudness: -15.5,
      roughness: 0
    ).timbre
  }
}
