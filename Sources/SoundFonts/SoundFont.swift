/// A set of instruments for a sampler, as the SoundFont 2.01 file format describes it.
///
///     var font = SoundFont(name: "One sine")
///     font.samples = [sample]
///     font.instruments = [Instrument(name: "Sine", zones: [Zone(target: 0, generators: [.sampleMode: 1])])]
///     font.presets = [Preset(name: "Sine", bank: 0, program: 0, zones: [Zone(target: 0)])]
///     let bytes = try font.serialized()
public struct SoundFont: Hashable, Sendable {
  /// What players show; at most 254 bytes of ASCII, like the texts below.
  public var name: String
  /// Who made it.
  public var engineer = ""
  /// Who may use it, and how.
  public var copyright = ""
  /// Anything else to know; empty is left out.
  public var comment = ""
  /// The recordings.
  public var samples: [Sample] = []
  /// The layouts of samples.
  public var instruments: [Instrument] = []
  /// What a program change can select.
  public var presets: [Preset] = []

  /// A soundfont without sounds.
  public init(name: String) { self.name = name }
}

/// What sounds on a range of keys and velocities: in an instrument a sample, in a preset an instrument.
public struct Zone: Hashable, Sendable {
  /// The index of the sample or instrument.
  public var target: Int
  /// All keys, where nil.
  public var keys: ClosedRange<UInt8>?
  /// All velocities, where nil.
  public var velocities: ClosedRange<UInt8>?
  /// Parameters that differ from their initial amounts (in a preset: that are added).
  public var generators: [Generator: Int16]
  /// Controllers beside those that the format has by default, or instead of them.
  public var modulators: [Modulator]

  /// A zone; without more it plays its target as it is, everywhere.
  public init(
    target: Int,
    keys: ClosedRange<UInt8>? = nil,
    velocities: ClosedRange<UInt8>? = nil,
    generators: [Generator: Int16] = [:],
    modulators: [Modulator] = []
  ) {
    self.target = target
    self.keys = keys
    self.velocities = velocities
    self.generators = generators
    self.modulators = modulators
  }
}

/// Samples laid out over keys and velocities.
public struct Instrument: Hashable, Sendable {
  /// At most 20 bytes of ASCII.
  public var name: String
  /// At least one; those that hold a note's key and velocity sound together.
  public var zones: [Zone]

  /// An instrument of these zones.
  public init(name: String, zones: [Zone]) {
    self.name = name
    self.zones = zones
  }
}

/// What a program change selects.
public struct Preset: Hashable, Sendable {
  /// At most 20 bytes of ASCII.
  public var name: String
  /// 0…127, or 128 for drums.
  public var bank: UInt16
  /// 0…127.
  public var program: UInt8
  /// At least one.
  public var zones: [Zone]

  /// A preset of these zones.
  public init(name: String, bank: UInt16, program: UInt8, zones: [Zone]) {
    self.name = name
    self.bank = bank
    self.program = program
    self.zones = zones
  }
}
