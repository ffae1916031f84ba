import Testing

@Suite struct PianoTests {
  let player: Player

  init() throws {
    player = try Player()
    player.select(program: 0)
  }

  /// The decay time for 60 dB in seconds, extrapolated from 1 s to 4 s (bass and middle) or earlier (treble).
  @Test(arguments: [(24, 18.0...45), (36, 14...35), (60, 7...16), (84, 2...7), (105, 0.4...2)])
  func notesRingAsLongAsOnAGrand(_ key: Int, _ expected: ClosedRange<Double>) {
    let sound = player.note(key, seconds: 4.2)
    let span = key < 72 ? (1.0, 4.0) : key < 96 ? (0.3, 1.5) : (0.05, 0.5)
    let fall = (sound.level(at: span.0) - sound.level(at: span.1)) / (span.1 - span.0)
    #expect(expected.contains(60 / fall))
  }

  @Test(arguments: [36, 60, 84])
  func theFirstHalfSecondFallsFasterThanTheRest(_ key: Int) {
    let sound = player.note(key, velocity: 110, seconds: 3.2)
    let prompt = (sound.level(at: 0.02, for: 0.2) - sound.level(at: 0.5, for: 0.2)) / 0.48
    let late = (sound.level(at: 1.5, for: 0.3) - sound.level(at: 2.8, for: 0.3)) / 1.3
    #expect(prompt > late)
  }

  @Test(arguments: [36, 60, 84])
  func dampersStopTheStrings(_ key: Int) {
    _ = player.note(key, seconds: 0.5)
    player.strike(key)
    let held = player.render(0.4).level(at: 0.3)
    player.release(key)
    #expect(player.render(0.5).level(at: 0.4) < held - 35)
  }

  @Test func theTopHasNoDampers() {
    player.silence()
    player.strike(96)
    let held = player.render(0.2).level(at: 0.1)
    player.release(96)
    #expect(player.render(0.2).level(at: 0.05) > held - 20)
  }

  @Test(arguments: [36, 48, 60, 72])
  func higherVelocitiesAreBrighter(_ key: Int) {
    let brightness = [20, 45, 60, 85, 100, 127].map {
      player.note(key, velocity: $0, seconds: 0.5).brightness
    }
    #expect(zip(brightness, brightness.dropFirst()).allSatisfy { $0 < $1 }, "\(brightness)")
  }

  /// The level does not jump where the samples of one dynamic take over from those of the next.
  @Test(arguments: [(52, 53), (92, 93)], [36, 60, 84])
  func dynamicsMeet(_ velocities: (Int, Int), _ key: Int) {
    let (below, above) = (
      player.note(key, velocity: velocities.0, seconds: 0.5),
      player.note(key, velocity: velocities.1, seconds: 0.5)
    )
    #expect(abs(above.loudness - below.loudness) < 3)
    #expect((0.7...1.6).contains(above.brightness / below.brightness))
  }

  @Test func highNotesDarkenAsTheyRing() {
    let sound = player.note(48, velocity: 110, seconds: 6)
    let (early, late) = (Array(sound.prefix(20_000)), Array(sound.suffix(20_000)))
    #expect(late.brightness < 0.8 * early.brightness)
  }
}

@Suite struct DrumTests {
  @Test func aClosedHatChokesTheOpenOne() throws {
    let player = try Player()
    player.select(program: 0, bank: 128)
    player.strike(46)
    _ = player.render(0.1)
    let ringing = player.render(0.6).level(at: 0.4)
    player.silence()
    player.strike(46)
    _ = player.render(0.1)
    player.strike(42, velocity: 1)
    #expect(player.render(0.6).level(at: 0.4) < ringing - 15)
  }

  @Test func cymbalsRingOnAfterTheKeyIsReleased() throws {
    let player = try Player()
    player.select(program: 0, bank: 128)
    player.strike(49)
    player.release(49)
    let sound = player.render(1)
    #expect(sound.level(at: 0.8) > sound.level(at: 0.05) - 35)
  }
}
