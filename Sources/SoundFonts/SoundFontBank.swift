/// A set of instruments for a sampler, as defined by the SoundFont 2.01 file format.
///
///     var font = SoundFontBank(name: "One sine")
///     font.samples = [sample]
///     font.instruments = [Instrument(name: "Sine", zones: [Zone(target: 0, generators: [.sampleMode: 1])])]
///     font.presets = [Preset(name: "Sine", bank: 0, program: 0, zones: [Zone(target: 0)])]
///     let bytes = try font.serialized()
package struct SoundFontBank: Hashable, Sendable {
  /// The name that players show; at most 254 bytes of ASCII, like the texts below.
  package var name: String
  /// Who made it.
  package var engineer = ""
  /// The copyright and license.
  package var copyright = ""
  /// Any other comment; omitted if empty.
  package var comment = ""
  /// The recordings.
  package var samples: [Sample] = []
  /// The layouts of samples.
  package var instruments: [Instrument] = []
  /// The sounds that a program change can select.
  package var presets: [Preset] = []

  /// A soundfont without sounds.
  package init(name: String) { self.name = name }
}

/// A range of keys and velocities with its sound: a sample in an instrument, an instrument in a preset.
package struct Zone: Hashable, Sendable {
  /// The index of the sample or instrument.
  package var target: Int
  /// The keys; nil for all.
  package var keys: ClosedRange<UInt8>?
  /// The velocities; nil for all.
  package var velocities: ClosedRange<UInt8>?
  /// The generators that differ from their default amounts (in a preset: that are added).
  package var generators: [Generator: Int16]
  /// Modulators in addition to the default ones of the format, or replacing them.
  package var modulators: [Modulator]

  /// Creates a zone; by default it plays its target unmodified on all keys and velocities.
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
  /// At least one; all zones that match a note's key and velocity sound together.
  package var zones: [Zone]

  /// An instrument of these zones.
  package init(name: String, zones: [Zone]) {
    self.name = name
    self.zones = zones
  }
}

/// A preset, which a program change selects.
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
