import Glibc
import Testing

@Suite struct LevelTests {
  /// Programs of noises and short strokes, whose levels are set by ear and not by the loudness of the piano.
  static let effects: Set<Int> = [13, 113, 115, 119, 120, 121, 122, 123, 124, 125, 126, 127]

  static func piano() throws -> Double {
    let player = try Player()
    player.select(program: 0)
    return [48, 60, 72].reduce(0) { $0 + player.note($1, seconds: 1).loudness } / 3
  }

  @Test(arguments: 0..<128)
  func programsAreAboutAsLoudAsThePiano(_ program: Int) throws {
    let player = try Player()
    player.select(program: program)
    let tolerance = Self.effects.contains(program) ? 14.0 : 6.0
    let piano = try Self.piano()
    for key in Ranges.keys(program) {
      let loudness = player.note(key, seconds: 2).loudness
      #expect(abs(loudness - piano) < tolerance, "program \(program), key \(key)")
    }
  }

  @Test(arguments: 0..<128)
  func velocityChangesTheLevel(_ program: Int) throws {
    let player = try Player()
    player.select(program: program)
    let levels = [24, 64, 120].map { player.note(60, velocity: $0, seconds: 1).loudness }
    #expect(levels[0] < levels[1] - 8 && levels[1] < levels[2] - 4)
  }

  /// Ten notes at full velocity.
  @Test(arguments: 0..<128)
  func fortissimoChordsDoNotClip(_ program: Int) throws {
    let player = try Player(gain: 0.6)
    player.select(program: program)
    for key in [36, 43, 48, 52, 55, 60, 64, 67, 72, 76] { player.strike(key, velocity: 127) }
    let (left, right) = player.renderStereo(1.5)
    let peak = zip(left, right).reduce(0) { max($0, abs($1.0), abs($1.1)) }
    #expect(peak < 1)
  }

  @Test(arguments: 35...81)
  func everyDrumSounds(_ key: Int) throws {
    let player = try Player()
    player.select(program: 0, bank: 128)
    let sound = player.note(key, seconds: 0.5)
    let peak = sound.reduce(0) { max($0, abs($1)) }
    #expect((0.02...0.8).contains(peak))
  }
}
