/// A soundfont that the file format cannot represent.
package struct SoundFontError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and where.
  package var description: String

  init(_ description: String) { self.description = description }
}

extension SoundFontBank {
  /// Checks every limit of the format.
  ///
  /// - Throws: `SoundFontError` that names the first part that exceeds one.
  package func validate() throws(SoundFontError) {
    guard !samples.isEmpty, !instruments.isEmpty, !presets.isEmpty else {
      throw SoundFontError("a soundfont needs a sample, an instrument and a preset")
    }
    for sample in samples { try sample.validate() }
    for instrument in instruments {
      try checkName(instrument.name, "instrument")
      try checkZones(instrument.zones, of: "instrument \(instrument.name)", targets: samples.count)
    }
    for preset in presets {
      try checkName(preset.name, "preset")
      guard preset.bank <= 128, preset.program <= 127 else {
        throw SoundFontError("preset \(preset.name): no bank \(preset.bank) program \(preset.program)")
      }
      try checkZones(preset.zones, of: "preset \(preset.name)", targets: instruments.count)
    }
    guard Set(presets.map { [Int($0.bank), Int($0.program)] }).count == presets.count else {
      throw SoundFontError("two presets share a bank and program")
    }
  }

  private func checkZones(_ zones: [Zone], of owner: String, targets: Int) throws(SoundFontError) {
    guard !zones.isEmpty else { throw SoundFontError("\(owner) has no zone") }
    for zone in zones {
      guard (0..<targets).contains(zone.target) else {
        throw SoundFontError("\(owner): no target \(zone.target)")
      }
      guard (zone.keys?.upperBound ?? 0) <= 127, (zone.velocities?.upperBound ?? 0) <= 127 else {
        throw SoundFontError("\(owner): a range ends above 127")
      }
      for (generator, amount) in zone.generators where !generator.range.contains(amount) {
        throw SoundFontError("\(owner): \(generator) \(amount) is outside \(generator.range)")
      }
    }
  }
}

extension Sample {
  func validate() throws(SoundFontError) {
    try checkName(name, "sample")
    guard frames.count >= 48 else { throw SoundFontError("sample \(name): fewer than 48 frames") }
    guard (400...50_000).contains(rate) else { throw SoundFontError("sample \(name): rate \(rate) Hz") }
    guard rootKey <= 127, (-50...50).contains(correction) else {
      throw SoundFontError("sample \(name): root key \(rootKey) and \(correction) cents")
    }
    guard let loop else { return }
    let margin = Self.loopMargin
    guard loop.lowerBound >= margin, loop.upperBound + margin <= frames.count, loop.count >= 32 else {
      throw SoundFontError("sample \(name): the loop \(loop) does not lie inside 0..<\(frames.count)")
    }
  }
}

private func checkName(_ name: String, _ what: String) throws(SoundFontError) {
  guard (1...20).contains(name.utf8.count), name.utf8.allSatisfy({ (32..<127).contains($0) }) else {
    throw SoundFontError("\(what) name \"\(name)\" is not 1 to 20 characters of ASCII")
  }
}
