import Glibc
import MusicCore
import Synthesis
import Testing

/// Measurements of rendered sound.
struct RenderingTests {
  @Test(arguments: TestSoundFonts.all, [33, 48, 60, 69, 84] as [UInt8])
  func pitchOfThePiano(soundFont: String, key: UInt8) throws {
    let sound = try listen(score([note(key, 0..<1000)]), soundFont: soundFont)
    let expected = Pitch(masking: key).frequency
    #expect(abs(cents(sound.part(0.1..<0.6).frequency(near: expected), from: expected)) < 12)
  }

  @Test(arguments: TestSoundFonts.all)
  func onsets(soundFont: String) throws {
    // Times that are not on the boundaries of blocks of 64 frames.
    let times: [Int64] = [3, 1001, 2017, 3350]
    let piece = score(times.map { note(84, $0..<$0 + 100, velocity: 127) })
    let sound = try listen(piece, soundFont: soundFont)
    let threshold = sound.peak / 300
    for time in times {
      let frame = Int(time) * 48
      let onset = try #require(sound.onset(over: threshold, from: max(0, frame - 480)))
      // The onset is delayed by up to a block and by the attack of the sound.
      #expect(onset >= frame && onset <= frame + 64 + 96, "\(time) ms")
    }
  }

  @Test(arguments: TestSoundFonts.all)
  func levelAndDecay(soundFont: String) throws {
    let piece = score([note(60, 0..<2500, velocity: 40), note(60, 4000..<6500, velocity: 120)])
    let sound = try listen(piece, soundFont: soundFont)
    let (soft, loud) = (sound.part(0..<0.5).rms, sound.part(4..<4.5).rms)
    #expect(decibels(loud / soft) > 10, "velocity")
    #expect(decibels(sound.part(2..<2.4).rms / soft) < -3, "a piano string dies away")
    #expect(decibels(sound.part(3.2..<3.5).rms / sound.part(2..<2.4).rms) < -20, "the damper ends it")
    #expect(sound.peak > 0.02 && sound.peak < 0.9)
  }

  @Test(arguments: TestSoundFonts.all)
  func pedalHolds(soundFont: String) throws {
    let pedal: [ControlEvent] = [
      control(0, .controller(.sustain, 127)), control(1500, .controller(.sustain, 0)),
    ]
    let held = try listen(score([note(60, 0..<300)], controls: pedal), soundFont: soundFont)
    let free = try listen(score([note(60, 0..<300)]), soundFont: soundFont, ending: .tail(Seconds(2)))
    #expect(decibels(held.part(1..<1.4).rms / free.part(1..<1.4).rms) > 20)
    #expect(decibels(held.part(2.2..<2.4).rms / held.part(1..<1.4).rms) < -20, "until it comes up")
  }

  @Test(arguments: TestSoundFonts.all)
  func controllersActOnTheirChannel(soundFont: String) throws {
    func level(_ controls: [ControlEvent]) throws -> Double {
      try listen(score([note(60, 100..<500)], controls: controls), soundFont: soundFont).part(0.1..<0.5).rms
    }
    let plain = try level([control(0, .controller(.volume, 127))])
    // 40 log₁₀(64 / 127): the curve of General MIDI for volume and expression.
    #expect(abs(decibels(try level([control(0, .controller(.volume, 64))]) / plain) + 11.9) < 0.5)
    let quiet = [control(0, .controller(.volume, 127)), control(0, .controller(.expression, 64))]
    #expect(abs(decibels(try level(quiet) / plain) + 11.9) < 0.5)
    let other = [control(0, .controller(.volume, 127)), control(0, .controller(.volume, 0), channel: 1)]
    #expect(try level(other) == plain)
    // A stereo sample keeps some of its width.
    #expect(try level([control(0, .controller(.pan, 127))]) < 0.7 * level([control(0, .controller(.pan, 0))]))
  }

  @Test(arguments: TestSoundFonts.all)
  func bendRaisesByTwoSemitones(soundFont: String) throws {
    let piece = score([note(69, 100..<1000)], controls: [control(0, .pitchBend(8191))])
    let sound = try listen(piece, soundFont: soundFont)
    let expected = Pitch(masking: 71).frequency
    #expect(abs(cents(sound.part(0.2..<0.7).frequency(near: expected), from: expected)) < 12)
  }

  @Test(arguments: TestSoundFonts.all)
  func programsAndDrumsSoundDifferent(soundFont: String) throws {
    func rendering(_ channel: UInt8, _ program: UInt8) throws -> [Float] {
      let controls = [control(0, .program(Program(masking: program)), channel: channel)]
      return try listen(
        score([note(60, 10..<300, channel: channel)], controls: controls), soundFont: soundFont,
        ending: .tail(Seconds(0.5))
      ).samples
    }
    let piano = try rendering(0, 0)
    #expect(try rendering(1, 0) == piano, "channels 1 and 2 are alike")
    #expect(try rendering(0, 73) != piano, "a flute")
    #expect(try rendering(9, 0) != piano, "channel 10 is for drums")
  }

  @Test(arguments: TestSoundFonts.all)
  func drumsOnTheSecondPortToo(soundFont: String) throws {
    func drum(port: UInt8) throws -> [Float] {
      var piece = score([note(38, 10..<100, channel: 9, port: port)])
      piece.tracks[0].controls = [ControlEvent(tick: 0, channel: .drums, message: .channelPressure(0), port: 1)]
      return try listen(piece, soundFont: soundFont, ending: .tail(Seconds(0.5))).samples
    }
    #expect(try drum(port: 1) == drum(port: 0))
  }

  @Test func masterVolumeAndResets() throws {
    func level(_ messages: [[UInt8]], _ controls: [ControlEvent] = []) throws -> Double {
      let events = messages.map { SystemExclusive(tick: 50, bytes: $0) }
      let piece = score([note(60, 100..<500)], controls: controls, systemExclusives: events)
      return try listen(piece, soundFont: TestSoundFonts.any).part(0.1..<0.5).rms
    }
    let plain = try level([])
    let half: [UInt8] = [0x7F, 0x7F, 0x04, 0x01, 0x00, 0x40]
    #expect(abs(decibels(try level([half]) / plain) + 12.04) < 0.1)
    let turnedDown = [control(0, .controller(.volume, 30))]
    #expect(try level([], turnedDown) < plain / 5)
    for reset: [UInt8] in [
      [0x7E, 0x7F, 0x09, 0x01], [0x41, 0x10, 0x42, 0x12, 0x40, 0x00, 0x7F, 0x00, 0x41],
      [0x43, 0x10, 0x4C, 0x00, 0x00, 0x7E, 0x00],
    ] {
      #expect(abs(decibels(try level([half, reset], turnedDown) / plain)) < 0.1, "\(reset)")
    }
  }

  @Test(arguments: [8000, 44_100, 96_000, 192_000])
  func everyRateSoundsTheSame(rate: Int) throws {
    let sound = try listen(score([note(69, 100..<1000)]), soundFont: TestSoundFonts.any, rate: rate)
    let reference = try listen(score([note(69, 100..<1000)]), soundFont: TestSoundFonts.any)
    #expect(abs(cents(sound.part(0.2..<0.6).frequency(near: 440), from: 440)) < 8)
    #expect(abs(decibels(sound.part(0.2..<0.9).rms / reference.part(0.2..<0.9).rms)) < 0.5)
    let onset = try #require(sound.onset(over: sound.peak / 100))
    #expect(abs(Double(onset) / Double(rate) - 0.1) < 0.012)
  }

  @Test func sameScoreSameSamples() async throws {
    let notes = (0..<40 as Range<Int64>).map { step in note(UInt8(40 + step), 20 * step..<20 * step + 300) }
    let piece = score(notes)
    let first = try interleaved(piece, soundFont: TestSoundFonts.any, configuration: .init())
    try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 {
        group.addTask { try interleaved(piece, soundFont: TestSoundFonts.any, configuration: .init()) }
      }
      for try await samples in group { #expect(samples == first) }
    }
  }

  /// Stems add up to the whole.
  @Test func partsAddUp() throws {
    var piece = score([note(60, 0..<500), note(64, 250..<700)], controls: [control(0, .controller(.pan, 20))])
    piece.tracks.append(Track(notes: [note(48, 100..<600, channel: 1)], end: 600))
    let ending = Ending.tail(Seconds(1))
    let parts = try (0..<2).map { index in
      try interleaved(
        piece, soundFont: TestSoundFonts.any, configuration: .init(), ending: ending,
        including: { track, _ in track == index })
    }
    let whole = try interleaved(piece, soundFont: TestSoundFonts.any, configuration: .init(), ending: ending)
    let shortest = min(parts[0].count, parts[1].count, whole.count) - 5000
    let differences = (0..<shortest).map { Double(parts[0][$0] + parts[1][$0] - whole[$0]) }
    let error = (differences.reduce(0) { $0 + $1 * $1 } / Double(shortest)).squareRoot()
    #expect(decibels(error / Sound(samples: whole, rate: 48_000).rms) < -60)
  }
}
