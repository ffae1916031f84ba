import Testing

@Suite struct TuningTests {
  /// Programs without a definite pitch: noises, and drums whose pitch glides.
  static let unpitched: Set<Int> = [55, 119, 120, 121, 122, 123, 124, 125, 126, 127]
  /// Programs that decay too quickly for the usual measurement, with the start and duration of theirs in seconds.
  static let short: [Int: (start: Double, seconds: Double)] = [
    13: (0.05, 0.5), 28: (0.05, 0.5), 45: (0.1, 0.6), 113: (0.05, 0.5), 115: (0.01, 0.22),
  ]

  @Test(arguments: (0..<128).filter { !unpitched.contains($0) })
  func programsAreInTune(_ program: Int) throws {
    let player = try Player()
    player.select(program: program)
    for key in program == 115 ? [60, 67] : Ranges.keys(program) {
      let look = Self.short[program] ?? (0.5, 1.9)
      let sound = player.note(key, seconds: look.start + look.seconds)
      let cents = sound.cents(from: frequency(ofKey: key), start: look.start, seconds: look.seconds)
      #expect(abs(cents) < 3, "program \(program), key \(key)")
    }
  }

  @Test func everyKeyOfThePianoIsInTune() throws {
    let player = try Player()
    player.select(program: 0)
    for key in 21...108 {
      for velocity in [30, 70, 110] {
        let (start, seconds) = key < 90 ? (0.4, 1.6) : (0.05, 0.5)
        let sound = player.note(key, velocity: velocity, seconds: start + seconds)
        let cents = sound.cents(from: frequency(ofKey: key), start: start, seconds: seconds)
        #expect(abs(cents) < 3, "key \(key), velocity \(velocity)")
      }
    }
  }
}

/// Keys in the usual range of each instrument.
enum Ranges {
  static func keys(_ program: Int) -> [Int] {
    switch program {
    case 8...10, 13, 14, 112, 113: [60, 67, 74, 84]
    case 32...39, 43, 58: [28, 36, 43, 50]
    case 47, 116: [38, 45, 50]
    case 42, 57, 67, 70: [38, 48, 57, 65]
    case 24...31, 60, 61, 66, 104...107: [40, 52, 64, 76]
    case 40, 56, 64, 68, 72...79, 82, 83, 110, 111: [60, 69, 76, 86]
    default: [36, 48, 60, 72, 84]
    }
  }
}
