import Files
import Glibc
import MusicCore
import Synthesis
import TestSupport
import Testing

/// The effects of messages that FluidSynth does not interpret by itself.
struct MessageTests {
  private func exclusive(_ bytes: [UInt8], at tick: Tick = 0) -> SystemExclusive {
    SystemExclusive(tick: tick, bytes: bytes)
  }

  private func listen(_ piece: Score) throws -> [Float] {
    try SynthesisTests.listen(piece, soundFont: TestSoundFonts.any, ending: .tail(Seconds(0.5))).samples
  }

  // MARK: Range of bends

  @Test func centsOfTheBendRange() throws {
    let rpn: [(UInt8, UInt8)] = [(101, 0), (100, 0)]
    for (controls, semitones) in [
      ([(6, 2), (38, 50)], 2.5), ([(38, 50), (6, 1)], 1.5), ([(6, 3), (38, 0)], 3), ([(6, 0), (38, 50)], 0.5),
    ] as [([(UInt8, UInt8)], Double)] {
      let expected = Pitch(masking: 60).frequency * exp2(semitones / 12)
      let events = (rpn + controls).map { control(0, .controller(Controller(masking: $0), $1)) }
      let piece = score(
        [note(60, 10..<1500)],
        controls: [control(0, .program(Program(masking: 16)))] + events + [control(5, .pitchBend(8191))])
      let sound = try SynthesisTests.listen(piece, soundFont: TestSoundFonts.any).part(0.3..<1.3)
      #expect(abs(cents(sound.frequency(near: expected), from: expected)) < 8, "\(semitones) semitones")
    }
  }

  // MARK: Level

  @Test func masterVolumesOfManufacturers() throws {
    func level(_ message: [UInt8]) throws -> Double {
      let piece = score([note(60, 100..<500)], systemExclusives: [exclusive(message, at: 50)])
      return try SynthesisTests.listen(piece, soundFont: TestSoundFonts.any).part(0.1..<0.5).rms
    }
    let plain = try level([0x7D])
    #expect(try level([0x41, 0x10, 0x42, 0x12, 0x40, 0, 4, 0, 0x3C]) < plain / 1e5, "GS")
    #expect(try level([0x43, 0x10, 0x4C, 0, 0, 4, 0]) < plain / 1e5, "XG")
    let half = try level([0x41, 0x10, 0x42, 0x12, 0x40, 0, 4, 64, 0x7C])
    #expect(abs(decibels(half / plain) + 11.9) < 0.1)
    #expect(try level([0x41, 0x10, 0x42, 0x12, 0x40, 0, 4, 0, 0x3D]) == plain, "a wrong checksum")
  }

  // MARK: Drums

  @Test func drumsOfGSAndGM2SoundAsOnChannel10() throws {
    func hit(channel: UInt8, _ messages: [[UInt8]], bank: UInt8? = nil) throws -> [Float] {
      let banks = bank.map { [control(5, .controller(.bankSelect, $0), channel: channel)] } ?? []
      let program = control(5, .program(Program(masking: 0)), channel: channel)
      return try listen(
        score(
          [note(38, 10..<100, channel: channel)], controls: banks + [program],
          systemExclusives: messages.map { exclusive($0) }))
    }
    let drum = try hit(channel: 9, [])
    let melody = try hit(channel: 10, [])
    let gsReset: [UInt8] = [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41]
    let (gm2, xg): ([UInt8], [UInt8]) = ([0x7E, 0x7F, 9, 3], [0x43, 0x10, 0x4C, 0, 0, 0x7E, 0])
    #expect(try drum != melody && hit(channel: 10, [gsReset]) == melody)
    #expect(try hit(channel: 10, [gsReset, [0x41, 0x10, 0x42, 0x12, 0x40, 0x1A, 0x15, 2, 0x0F]]) == drum)
    #expect(try hit(channel: 9, [gsReset, [0x41, 0x10, 0x42, 0x12, 0x40, 0x10, 0x15, 0, 0x1B]]) == melody)
    #expect(try hit(channel: 10, [gm2], bank: 120) == drum)
    #expect(try hit(channel: 10, [gm2], bank: 121) == melody)
    #expect(try hit(channel: 9, [gm2], bank: 121) == melody)
    #expect(try hit(channel: 10, [xg], bank: 127) == drum)
    #expect(try hit(channel: 10, [xg], bank: 121) == melody)
    #expect(try hit(channel: 9, [xg], bank: 0) == melody)
    #expect(try hit(channel: 10, [xg, [0x43, 0x10, 0x4C, 8, 10, 7, 1]]) == drum)
    #expect(try hit(channel: 10, [[0x41, 0x10, 0x42, 0x12, 0x40, 0x1A, 0x15, 2, 0x0F], gsReset]) == melody)
  }

  /// With XG, controller 32 selects the bank of a melody; with GS and General MIDI, controller 0 does.
  @Test func controllersSelectBanks() throws {
    let folder = try TemporaryFolder()
    let font = try folder.write(OrganFont.bytes(banks: [0, 3, 5]), to: "banks.sf2")
    let xg: [UInt8] = [0x43, 0x10, 0x4C, 0, 0, 0x7E, 0]
    func semitones(_ reset: [[UInt8]], _ controller: Controller, _ bank: UInt8) throws -> Int? {
      let piece = score(
        [note(71, 10..<900)],
        controls: [control(5, .controller(controller, bank)), control(5, .program(Program(masking: 0)))],
        systemExclusives: reset.map { exclusive($0) })
      let sound = try SynthesisTests.listen(piece, soundFont: font).part(0.2..<0.8)
      return (0...2).first {
        // The sample of the font has 480 Hz at its root key.
        let expected = 480 * exp2(Double($0) / 12)
        return abs(cents(sound.frequency(near: expected), from: expected)) < 8
      }
    }
    #expect(try semitones([xg], Controller(masking: 32), 5) == 2 && semitones([xg], Controller(masking: 32), 3) == 1)
    #expect(try semitones([], Controller(masking: 32), 5) == 0 && semitones([], .bankSelect, 3) == 1)
    #expect(try semitones([xg], .bankSelect, 3) == 0)
  }

  @Test func changesOfModeOnAnyChannelReleaseKeys() throws {
    func sound(_ number: UInt8) throws -> [Float] {
      try listen(
        score(
          [note(60, 10..<900, channel: 3), note(64, 900..<1000, channel: 3), note(67, 950..<1000, channel: 3)],
          controls: [control(300, .controller(Controller(masking: number), 1), channel: 3)]))
    }
    let released = try sound(123)
    for number: UInt8 in 124...127 { #expect(try sound(number) == released) }
  }

  // MARK: Embedded soundfonts

  @Test func presetsOfAnOverlayTakePrecedence() throws {
    guard TestSoundFonts.all.count > 1 else { return }
    let piece = score([note(60, 10..<300)])
    func sound(_ font: String, _ sounds: SoundFontOverlay?) throws -> [Float] {
      var renderer = try OfflineRenderer(
        piece, rate: 48_000, soundFont: font, overlay: sounds, configuration: dry, ending: .tail(Seconds(0.2)))
      var samples: [Float] = []
      while let part = renderer.next() { samples += part }
      return samples
    }
    let (ours, other) = (TestSoundFonts.all[0], TestSoundFonts.all[1])
    let bytes = try readBytes(ofFile: ours)
    let expected = try sound(ours, nil)
    #expect(try sound(other, nil) != expected)
    #expect(try sound(other, SoundFontOverlay(bytes: bytes, bankOffset: 0)) == expected)
    #expect(try sound(other, SoundFontOverlay(bytes: bytes, bankOffset: nil)) == expected)
    #expect(try sound(other, SoundFontOverlay(bytes: bytes, bankOffset: 1)) == sound(other, nil))
    #expect(throws: SynthesisError.self) { try sound(other, SoundFontOverlay(bytes: [1, 2, 3], bankOffset: 0)) }
  }
}
