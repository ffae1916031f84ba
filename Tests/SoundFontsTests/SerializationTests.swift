import SoundFonts
import Testing

/// Two samples, a looped one on two zones and one that plays once.
let exampleFont: SoundFontBank = {
  var font = SoundFontBank(name: "Example")
  font.engineer = "A. Smith"
  font.samples = [
    Sample(
      name: "Saw",
      frames: (0..<151).map { Int16($0 % 50 * 100) },
      rate: 44_100,
      loop: 50..<100,
      rootKey: 60
    ),
    Sample(
      name: "Exactly twenty bytes",
      frames: Array(repeating: -2, count: 64),
      rate: 8000,
      rootKey: 1,
      correction: -7
    ),
  ]
  font.instruments = [
    Instrument(
      name: "Both",
      zones: [
        Zone(
          target: 0,
          keys: 0...59,
          velocities: 3...99,
          generators: [.sampleMode: 1, .pan: -500, .cutoff: 9000, .volumeRelease: -3000],
          modulators: [Modulator(source: .softness, destination: .cutoff, amount: -2400)]
        ),
        Zone(target: 0, keys: 60...127, generators: [.sampleMode: 1]), Zone(target: 1),
      ]
    )
  ]
  font.presets = [
    Preset(name: "First", bank: 0, program: 5, zones: [Zone(target: 0)]),
    Preset(name: "Drums", bank: 128, program: 0, zones: [Zone(target: 0, generators: [.reverb: 100])]),
  ]
  return font
}()

@Suite struct SerializationTests {
  let reader: SoundFontReader

  init() throws { reader = try SoundFontReader(exampleFont.serialized()) }

  @Test func chunksAreInTheOrderOfTheSpecification() {
    #expect(
      reader.order == [
        "ifil", "isng", "INAM", "IENG", "smpl", "phdr", "pbag", "pmod", "pgen", "inst", "ibag", "imod",
        "igen", "shdr",
      ]
    )
    #expect(reader.chunks["ifil"].map(Array.init) == [2, 0, 1, 0])
    #expect(reader.chunks["INAM"].map(Array.init) == Array("Example".utf8) + [0])
  }

  @Test func textEndsWithAZeroAtAnEvenLength() {
    #expect(reader.chunks["IENG"].map(Array.init) == Array("A. Smith".utf8) + [0, 0])
  }

  @Test func samplesAreFollowedByFortySixZeros() {
    let frames = reader.frames
    #expect(frames.count == 151 + 46 + 64 + 46)
    #expect(Array(frames[0..<151]) == exampleFont.samples[0].frames)
    #expect(frames[151..<197].allSatisfy { $0 == 0 })
    #expect(frames[197..<261].allSatisfy { $0 == -2 })
    #expect(frames[261...].allSatisfy { $0 == 0 })
  }

  @Test func sampleHeadersPointIntoTheFrames() {
    #expect(
      reader.sampleHeaders == [
        .init(
          name: "Saw",
          start: 0,
          end: 151,
          loopStart: 50,
          loopEnd: 100,
          rate: 44_100,
          rootKey: 60,
          correction: 0,
          type: 1
        ),
        .init(
          name: "Exactly twenty bytes",
          start: 197,
          end: 261,
          loopStart: 205,
          loopEnd: 253,
          rate: 8000,
          rootKey: 1,
          correction: -7,
          type: 1
        ),
        .init(
          name: "EOS",
          start: 0,
          end: 0,
          loopStart: 0,
          loopEnd: 0,
          rate: 0,
          rootKey: 0,
          correction: 0,
          type: 0
        ),
      ]
    )
  }

  @Test func rangesComeFirstAndTheTargetLast() {
    let zones = reader.zones("i").map { $0.map(\.number) }
    #expect(zones == [[43, 44, 8, 17, 38, 54, 53], [43, 54, 53], [53]])
    #expect(
      reader.zones("i")[0].map(\.amount) == [59 << 8, 99 << 8 | 3, 9000, 0x10000 - 500, 0x10000 - 3000, 1, 0]
    )
    #expect(reader.zones("p").map { $0.map(\.number) } == [[41], [16, 41]])
  }

  @Test func everyListEndsWithItsTerminalRecord() {
    let presets = reader.records("phdr", size: 38)
    #expect(presets.map(SoundFontReader.name) == ["First", "Drums", "EOP"])
    #expect(
      presets.map { Array($0[20..<26]) } == [[5, 0, 0, 0, 0, 0], [0, 0, 128, 0, 1, 0], [0, 0, 0, 0, 2, 0]]
    )
    #expect(reader.records("inst", size: 22).map { Array($0[20...]) } == [[0, 0], [3, 0]])
    #expect(reader.records("ibag", size: 4).last == [11, 0, 1, 0])
    #expect(reader.records("igen", size: 4).last == [0, 0, 0, 0])
    #expect(
      reader.records("imod", size: 10) == [
        [0x02, 0x01, 8, 0, 0xA0, 0xF6, 0, 0, 0, 0], Array(repeating: 0, count: 10),
      ]
    )
    #expect(reader.records("pmod", size: 10).count == 1)
  }
}
