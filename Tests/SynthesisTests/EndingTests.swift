import MusicCore
import Synthesis
import Testing

struct EndingTests {
  private let soundFont = TestSoundFonts.any

  @Test(arguments: [48_000, 44_100, 192_000])
  func exactLength(rate: Int) throws {
    let piece = score([note(60, 0..<700)], end: 1003)
    let samples = try interleaved(piece, soundFont: soundFont, rate: rate, ending: .exact)
    #expect(samples.count / 2 == (1003 * rate + 500) / 1000)
  }

  @Test(arguments: [0, 0.5, 3])
  func tailOfGivenLength(tail: Double) throws {
    let sound = try listen(score([note(60, 0..<500)]), soundFont: soundFont, ending: .tail(Seconds(tail)))
    #expect(sound.samples.count == 24_000 + Int(tail * 48_000))
    if tail > 0 { #expect(abs(sound.samples[sound.samples.count - 1]) < 1e-4, "no click at the end") }
  }

  @Test func untilSilence() throws {
    let sound = try listen(score([note(60, 0..<500)]), soundFont: soundFont, configuration: .init())
    let tail = sound.part(0.5..<100)
    #expect(tail.peak > 0.01, "something rings")
    #expect(tail.part(Double(tail.samples.count) / 48_000 - 0.2..<100).peak < 1e-4)
    let last = try #require(tail.samples.lastIndex { abs($0) >= 1e-4 })
    #expect(tail.samples.count - last < 48_000 / 2, "no long silence follows")
  }

  /// A sound on only one of the two channels is rendered to its end, whichever channel it is.
  @Test func theEndWaitsForBothChannels() throws {
    func frames(pan: UInt8) throws -> Int {
      let controls = [control(0, .controller(.pan, pan)), control(0, .program(Program(masking: 14)))]
      let samples = try interleaved(score([note(60, 10..<500)], controls: controls), soundFont: soundFont)
      return samples.count / 2
    }
    let (left, right) = (try frames(pan: 0), try frames(pan: 127))
    #expect(left > 48_000 && abs(left - right) < left / 10, "\(left) frames on the left, \(right) on the right")
  }

  /// An organ note under a pedal that is never released.
  @Test func soundWithoutEndFadesAfter15Seconds() throws {
    let controls = [
      control(0, .program(Program(masking: 19))), control(0, .controller(.sustain, 127)),
    ]
    let sound = try listen(score([note(60, 10..<500)], controls: controls), soundFont: soundFont)
    #expect(sound.samples.count == 24_000 + 15 * 48_000)
    #expect(sound.part(15..<15.2).rms > 0.003)
    #expect(abs(sound.samples[sound.samples.count - 1]) < 1e-4)
  }

  /// Silence within a piece does not end the rendering.
  @Test func restsAreKept() throws {
    let sound = try listen(score([note(60, 0..<100), note(60, 9000..<9100)]), soundFont: soundFont)
    #expect(sound.part(9..<9.1).rms > 0.003)
  }

  @Test func seekingPlaysTheRest() throws {
    let controls = [control(0, .controller(.volume, 60)), control(50, .program(Program(masking: 19)))]
    let piece = score([note(60, 100..<300), note(67, 3000..<3500)], controls: controls)
    let whole = try listen(piece, soundFont: soundFont)
    let rest = try listen(piece, soundFont: soundFont, start: Seconds(2.4))
    // 2.4 s is a whole number of blocks, and the first note has decayed long before.
    let expected = whole.part(2.9..<3.5)
    let heard = rest.part(0.5..<1.1)
    #expect(abs(decibels(heard.rms / expected.rms)) < 0.1)
    #expect(heard.onset(over: 0.01) == expected.onset(over: 0.01))
  }
}
