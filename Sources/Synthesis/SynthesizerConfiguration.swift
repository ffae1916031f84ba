/// The configuration of a synthesizer. All of FluidSynth's settings that affect the sound are listed, because its
/// defaults differ between versions.
public struct SynthesizerConfiguration: Codable, Hashable, Sendable {
  /// The sample rate in Hz, 8000…96000: the limits of FluidSynth.
  public var rate: Double = 48_000
  /// The overall gain, 0…10.
  public var gain: Float = 0.5
  /// The maximum number of voices, 1…65535; a note of a stereo piano takes two or more.
  public var polyphony = 512
  /// How samples are interpolated.
  public var interpolation = Interpolation.fourthOrder
  /// Nil for none.
  public var reverb: Reverb? = Reverb()
  /// Nil for none.
  public var chorus: Chorus? = Chorus()
  /// Which controllers select banks.
  public var bankSelection = BankSelection.gs
  /// The number of ports of 16 channels each.
  public var ports = 1
  /// Whether to load each sample when it is first needed, for a quick start with a large soundfont. Allowed only if no
  /// two synthesizers of the process run at once: they share a cache that is not thread-safe (seen in FluidSynth
  /// 2.3.1). Ignored in live playing, where it would cause dropouts.
  public var loadsSamplesOnDemand = false

  /// The default configuration.
  public init() {}

  /// The interpolation between the samples of a soundfont.
  public enum Interpolation: Int, Codable, CaseIterable, Sendable {
    case none = 0
    case linear = 1
    case fourthOrder = 4
    case seventhOrder = 7
  }

  /// The reverb; a soundfont and controller 91 set how much of a sound is sent to it.
  public struct Reverb: Codable, Hashable, Sendable {
    /// 0…1.
    public var roomSize = 0.5
    /// 0…1.
    public var damping = 0.3
    /// 0…100.
    public var width = 0.8
    /// 0…1.
    public var level = 0.7

    /// The default reverb.
    public init() {}
  }

  /// The chorus; a soundfont and controller 93 set how much of a sound is sent to it.
  public struct Chorus: Codable, Hashable, Sendable {
    /// The number of voices, 0…99.
    public var voices = 3
    /// 0…10.
    public var level = 0.6
    /// The modulation frequency in Hz, 0.1…5.
    public var speed = 0.2
    /// The modulation depth in milliseconds, 0…256.
    public var depth = 4.25

    /// The default chorus.
    public init() {}
  }

  /// How bank select messages (controllers 0 and 32) are interpreted.
  public enum BankSelection: String, Codable, Sendable {
    /// Controller 0 is the bank (Roland GS).
    case gs
    /// Controller 0 chooses melody or drums, controller 32 the bank (Yamaha XG).
    case xg
  }
}
