/// A set of instruments for a sampler, as the SoundFont 2.01 file format describes it.
///
///     var font = SoundFont(name: "One sine")
///     font.samples = [sample]
///     font.instruments = [Instrument(name: "Sine", zones: [Zone(target: 0, generators: [.sampleMode: 1])])]
///     font.presets = [Preset(name: "Sine", bank: 0, program: 0, zones: [Zone(target: 0)])]
///     let bytes = try font.serialized()
public struct SoundFont: Hashable, Sendable {
  public var name: String
  /// Who made it.
  public var engineer = ""
  public var copyright = ""
  public var comment = ""
  public var samples: [Sample] = []
  public var instruments: [Instrument] = []
  public var presets: [Preset] = []

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
  public var generators: [Generator: Int16]
  public var modulators: [Modulator]

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
  public var name: String
  public var zones: [Zone]

  public init(name: String, zones: [Zone]) {
    self.name = name
    self.zones = zones
  }
}

/// What a program change selects.
public struct Preset: Hashable, Sendable {
  public var name: String
  /// 0…127, or 128 for drums.
  public var bank: UInt16
  public var program: UInt8
  public var zones: [Zone]

  public init(name: String, bank: UInt16, program: UInt8, zones: [Zone]) {
    self.name = name
    self.bank = bank
    self.program = program
    self.zones = zones
  }
}
