package import SoundFonts

/// The bank: 128 General MIDI instruments and a drum kit.
package enum Bank {
  /// Synthesizes every sample and maps them to keys and velocities.
  ///
  /// The result depends only on this source and the machine's mathematics library. Takes a few seconds.
  package static func soundFont() async -> SoundFontBank {
    var font = SoundFontBank(name: "Aurl General MIDI")
    font.engineer = "Aurl"
    font.copyright = "CC0 1.0: no rights reserved"
    font.comment = "Synthesized in full by the program foundry; contains no recording."
    let samples = await SampleLibrary(
      timbres: patches.flatMap { $0.layers.map(\.timbre) } + Stroke.kit.map(\.timbre)
    )
    for patch in patches {
      font.presets.append(
        Preset(
          name: patch.name,
          bank: 0,
          program: UInt8(patch.program),
          zones: [Zone(target: font.instruments.count)]
        )
      )
      font.instruments.append(
        Instrument(name: patch.name, zones: patch.layers.flatMap { samples.zones(for: $0) })
      )
    }
    font.presets.append(
      Preset(name: "Standard Kit", bank: 128, program: 0, zones: [Zone(target: font.instruments.count)])
    )
    font.instruments.append(
      Instrument(name: "Standard Kit", zones: Stroke.kit.compactMap { samples.zone(for: $0) })
    )
    font.samples = samples.samples
    return font
  }

  static let patches =
    Patch.keyboards + Patch.chromatic + Patch.organs + Patch.guitars + Patch.basses + Patch.strings
    + Patch.ensembles
    + Patch.brass + Patch.winds + Patch.leads + Patch.pads + Patch.effects + Patch.world + Patch.percussive
    + Patch.noises
}
