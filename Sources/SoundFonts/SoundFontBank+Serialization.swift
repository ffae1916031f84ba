extension SoundFontBank {
  /// The bytes of the `.sf2` file: RIFF form `sfbk` with the lists INFO, sdta and pdta.
  ///
  /// - Throws: `SoundFontError` if a limit of the format is exceeded.
  package func serialized() throws(SoundFontError) -> [UInt8] {
    try validate()
    let information =
      chunk("ifil", [2, 0, 1, 0]) + text("isng", "EMU8000") + text("INAM", name) + text("IENG", engineer)
      + text("ICOP", copyright) + text("ICMT", comment)
    var waves: [UInt8] = []
    waves.reserveCapacity(2 * samples.reduce(0) { $0 + $1.frames.count + Sample.gap })
    for sample in samples {
      for frame in sample.frames { waves.append(frame) }
      waves.append(contentsOf: repeatElement(0, count: 2 * Sample.gap))
    }
    let body =
      list("INFO", information) + list("sdta", chunk("smpl", waves)) + list("pdta", try articulation())
    return chunk("RIFF", Array("sfbk".utf8) + body)
  }

  /// The nine chunks of the pdta list, which define how the samples are played (§7), each with its terminal record.
  private func articulation() throws(SoundFontError) -> [UInt8] {
    var presetHeaders: [UInt8] = []
    var presetZones = ZoneRecords(targetGenerator: 41)
    for preset in presets {
      presetHeaders.append(name: preset.name)
      presetHeaders.append(UInt16(preset.program))
      presetHeaders.append(preset.bank)
      presetHeaders.append(presetZones.count)
      presetHeaders.append(contentsOf: repeatElement(0, count: 12))
      for zone in preset.zones { presetZones.append(zone) }
    }
    presetHeaders.append(name: "EOP")
    presetHeaders.append(UInt16(0))
    presetHeaders.append(UInt16(0))
    presetHeaders.append(presetZones.count)
    presetHeaders.append(contentsOf: repeatElement(0, count: 12))

    var instrumentHeaders: [UInt8] = []
    var instrumentZones = ZoneRecords(targetGenerator: 53)
    for instrument in instruments {
      instrumentHeaders.append(name: instrument.name)
      instrumentHeaders.append(instrumentZones.count)
      for zone in instrument.zones { instrumentZones.append(zone) }
    }
    instrumentHeaders.append(name: "EOI")
    instrumentHeaders.append(instrumentZones.count)
    guard presetZones.fits, instrumentZones.fits else {
      throw SoundFontError("more than 65,535 zone records")
    }

    return chunk("phdr", presetHeaders) + presetZones.chunks(prefix: "p")
      + chunk("inst", instrumentHeaders) + instrumentZones.chunks(prefix: "i")
      + chunk("shdr", sampleHeaders())
  }

  private func sampleHeaders() -> [UInt8] {
    var bytes: [UInt8] = []
    var start = 0
    for sample in samples {
      let end = start + sample.frames.count
      // A sample without a loop has loop points too, and readers warn if these are out of range.
      let loop = sample.loop ?? Sample.loopMargin..<sample.frames.count - Sample.loopMargin
      bytes.append(name: sample.name)
      for position in [start, end, start + loop.lowerBound, start + loop.upperBound, sample.rate] {
        bytes.append(UInt32(position))
      }
      bytes.append(sample.rootKey)
      bytes.append(UInt8(bitPattern: sample.correction))
      bytes.append(UInt16(0))
      bytes.append(UInt16(1))  // monophonic
      start = end + Sample.gap
    }
    bytes.append(name: "EOS")
    bytes.append(contentsOf: repeatElement(0, count: 26))
    return bytes
  }
}

/// The bags, generators and modulators of the zones of all presets or all instruments.
private struct ZoneRecords {
  /// The generator for the target, always the last of a zone: 41 `instrument` or 53 `sampleID`.
  let targetGenerator: UInt16
  private var bags: [UInt8] = []
  private var generators: [UInt8] = []
  private var modulators: [UInt8] = []

  init(targetGenerator: UInt16) { self.targetGenerator = targetGenerator }

  var count: UInt16 { UInt16(truncatingIfNeeded: bags.count / 4) }

  var fits: Bool { max(bags.count / 4, generators.count / 4, modulators.count / 10) < 65_535 }

  mutating func append(_ zone: Zone) {
    appendBag()
    // §8.1.2: the key range must come first and the velocity range next, or they are ignored.
    if let keys = zone.keys { append(generator: 43, low: keys.lowerBound, high: keys.upperBound) }
    if let range = zone.velocities { append(generator: 44, low: range.lowerBound, high: range.upperBound) }
    for (generator, amount) in zone.generators.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      generators.append(generator.rawValue)
      generators.append(amount)
    }
    generators.append(targetGenerator)
    generators.append(UInt16(zone.target))
    for modulator in zone.modulators {
      modulators.append(modulator.source.rawValue)
      modulators.append(modulator.destination.rawValue)
      modulators.append(modulator.amount)
      modulators.append(modulator.scale.rawValue)
      modulators.append(UInt16(0))  // linear transform
    }
  }

  func chunks(prefix: String) -> [UInt8] {
    var complete = self
    complete.appendBag()
    return chunk(prefix + "bag", complete.bags)
      + chunk(prefix + "mod", modulators + repeatElement(0, count: 10))
      + chunk(prefix + "gen", generators + repeatElement(0, count: 4))
  }

  private mutating func appendBag() {
    bags.append(UInt16(truncatingIfNeeded: generators.count / 4))
    bags.append(UInt16(truncatingIfNeeded: modulators.count / 10))
  }

  private mutating func append(generator: UInt16, low: UInt8, high: UInt8) {
    generators.append(generator)
    generators.append(low)
    generators.append(high)
  }
}

private func chunk(_ identifier: String, _ body: [UInt8]) -> [UInt8] {
  var bytes = Array(identifier.utf8)
  bytes.reserveCapacity(body.count + 9)
  bytes.append(UInt32(body.count))
  bytes += body
  if !body.count.isMultiple(of: 2) { bytes.append(UInt8(0)) }
  return bytes
}

private func list(_ kind: String, _ chunks: [UInt8]) -> [UInt8] { chunk("LIST", Array(kind.utf8) + chunks) }

/// A text chunk of the INFO list: at most 255 bytes, ended by one or two zeros to an even length.
private func text(_ identifier: String, _ value: String) -> [UInt8] {
  guard !value.isEmpty else { return [] }
  let bytes = Array(value.utf8.prefix(254))
  return chunk(identifier, bytes + repeatElement(0, count: bytes.count.isMultiple(of: 2) ? 2 : 1))
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  fileprivate mutating func append(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a name padded to 20 bytes.
  fileprivate mutating func append(name: String) {
    append(contentsOf: name.utf8)
    append(contentsOf: repeatElement(0, count: 20 - name.utf8.count))
  }
}
