/// A set of instruments for a sampler, as the SoundFont 2.01 file format describes it.
///
///     var font = SoundFontBank(name: "One sine")
///     font.samples = [sample]
///     font.instruments = [Instrument(name: "Sine", zones: [Zone(target: 0, generators: [.sampleMode: 1])])]
///     font.presets = [Preset(name: "Sine", bank: 0, program: 0, zones: [Zone(target: 0)])]
///     let bytes = try font.serialized()
package struct SoundFontBank: Hashable, Sendable {
  /// What players show; at most 254 bytes of ASCII, like the texts below.
  package var name: String
  /// Who made it.
  package var engineer = ""
  /// Who may use it, and how.
  package var copyright = ""
  /// Anything else to know; empty is left out.
  package var comment = ""
  /// The recordings.
  package var samples: [Sample] = []
  /// The layouts of samples.
  package var instruments: [Instrument] = []
  /// What a program change can select.
  package var presets: [Preset] = []

  /// A soundfont without sounds.
  package init(name: String) { self.name = name }
}

/// What sounds on a range of keys and velocities: in an instrument a sample, in a preset an instrument.
package struct Zone: Hashable, Sendable {
  /// The index of the sample or instrument.
  package var target: Int
  /// All keys, where nil.
  package var keys: ClosedRange<UInt8>?
  /// All velocities, where nil.
  package var velocities: ClosedRange<UInt8>?
  /// Parameters that differ from their initial amounts (in a preset: that are added).
  package var generators: [Generator: Int16]
  /// Controllers beside those that the format has by default, or instead of them.
  package var modulators: [Modulator]

  /// A zone; without more it plays its target as it is, everywhere.
  package init(
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
package struct Instrument: Hashable, Sendable {
  /// At most 20 bytes of ASCII.
  package var name: String
  /// At least one; those that hold a note's key and velocity sound together.
  package var zones: [Zone]

  /// An instrument of these zones.
  package init(name: String, zones: [Zone]) {
    self.name = name
    self.zones = zones
  }
}

/// What a program change selects.
package struct Preset: Hashable, Sendable {
  /// At most 20 bytes of ASCII.
  package var name: String
  /// 0…127, or 128 for drums.
  package var bank: UInt16
  /// 0…127.
  package var program: UInt8
  /// At least one.
  package var zones: [Zone]

  /// A preset of these zones.
  package init(name: String, bank: UInt16, program: UInt8, zones: [Zone]) {
    self.name = name
    self.bank = bank
    self.program = program
    self.zones = zones
  }
}
