import MusicCore
import Notation
import Testing

/// The effect of marks, fields and parts on the score.
@Suite struct PlayingTests {
  @Test func pedalGoesDownChangesAndComesUp() throws {
    let score = try piece("!ped c4/2 !ped d | !* e/1 | !ped f/1")
    let pedals = score.tracks[1].controls.compactMap { event -> String? in
      guard case .controller(.sustain, let value) = event.message else { return nil }
      return "\(event.tick.rawValue) \(value)"
    }
    #expect(pedals == ["0 127", "960 0", "990 127", "1920 0", "3840 127", "5760 0"])
  }

  @Test func ritardandoSlowsDownEvenlyAndEnds() throws {
    let score = try piece("!4=120 c4/1 | !rit=60 d | !atempo e")
    let changes = score.tempoMap.changes
    #expect(changes.first?.beatsPerMinute == 120)
    #expect(changes.last?.beatsPerMinute == 120 && changes.last?.tick == 3840)
    let ramp = changes.dropFirst().dropLast()
    #expect(ramp.count == 16)
    for (first, second) in zip(ramp, ramp.dropFirst()) {
      #expect(first.microsecondsPerQuarter < second.microsecondsPerQuarter)
      #expect(second.tick.rawValue - first.tick.rawValue == 120)
    }
    // Each step has the tempo in its middle, so that the mean of the steps is the mean of the ritardando.
    let mean = ramp.reduce(0) { $0 + $1.beatsPerMinute } / Double(ramp.count)
    #expect(abs(mean - 90) < 0.01)
  }

  @Test func dottedBeatsCountInTempo() throws {
    let score = try piece("R", meter: "6/8", fields: "tempo: Siciliano 4.=40")
    #expect(score.tempoMap.changes.map(\.microsecondsPerQuarter) == [1_000_000])
    #expect(score.tracks[0].texts.contains { $0.kind == .marker && $0.string == "Siciliano" })
  }

  @Test func pickupsHaveTheirOwnMeterAndJoinAtRepeats() throws {
    let source = """
      part: a piano
      meter: 3/4
      form: A A
      section: A
      partial: 1/4
      a: c4/4 | d/2. | e/2.
      partial: 2/4
      a: f4/2
      """
    let manuscript = try Manuscript(source)
    let meters = try manuscript.score().timeSignatures.map { "\($0.tick.rawValue) \($0)" }
    #expect(meters == ["0 1/4", "480 3/4", "7680 2/4"])
    #expect(manuscript.barCount == 6)
    // Downbeats are louder, also in a short bar.
    let velocities = try manuscript.score().tracks[1].notes.map(\.velocity.rawValue)
    #expect(velocities == [80, 84, 84, 84, 80, 84, 84, 84])
  }

  @Test func changesOfMeterAndKeyHoldFromTheNextBar() throws {
    let score = try Manuscript(
      "part: a piano\nmeter: 4/4\nkey: Eb major\na: c4/1\nmeter: 6/8\nkey: F# minor\na: c4/2."
    ).score()
    #expect(score.timeSignatures.map(\.description) == ["4/4", "6/8"])
    #expect(score.keySignatures.map(\.description) == ["E♭ major", "F♯ minor"])
    #expect(score.keySignatures[1].tick == 1920)
  }

  @Test func partsKeepTheirSettings() throws {
    let source = """
      part: a nylon-guitar channel 3 volume 99 pan 20 "Guitar"
      part: b program 128 softer 10 follows a
      part: d drums
      meter: 1/4
      a: !f c4/4
      b: c3/4
      d: [kick snare]/4
      """
    let score = try Manuscript(source).score()
    let guitar = score.tracks[1]
    #expect(guitar.name == "Guitar")
    let channel = try #require(Channel(rawValue: 2))
    let messages: [ControlEvent.Message] = [
      .program(Program(masking: 24)), .controller(.volume, 99), .controller(.pan, 20),
    ]
    #expect(guitar.controls == messages.map { ControlEvent(tick: 0, channel: channel, message: $0) })
    #expect(guitar.notes[0].channel == channel && guitar.notes[0].velocity.rawValue == 100)
    #expect(score.tracks[2].notes[0].velocity.rawValue == 90)
    #expect(score.tracks[2].controls[0].message == .program(Program(masking: 127)))
    #expect(score.tracks[3].notes.map(\.channel) == [.drums, .drums])
    #expect(score.tracks[3].notes.map(\.pitch.rawValue) == [36, 38])
  }

  @Test func dynamicsOfEitherStaffHoldForBoth() throws {
    let source = "part: a piano\npart: b piano follows a\nmeter: 2/4\na: c5/4 d\nb: !p c3/4 !ff d"
    let score = try Manuscript(source).score()
    #expect(score.tracks[1].notes.map(\.velocity.rawValue) == [53, 112])
  }

  @Test func aKeySoundsOnceOnItsChannel() throws {
    let source = "part: a piano\npart: b piano\nmeter: 4/4\na: c4/1_ | !p d/4 r d/2\nb: r/2 c4/4_ r | !ff d/1_"
    let score = try Manuscript(source).score()
    let played = score.tracks.map { $0.notes.map { "\($0.pitch) \($0.onset.rawValue) \($0.end.rawValue)" } }
    #expect(played[1] == ["C4 0 960", "D4 2880 3840"])
    #expect(played[2] == ["C4 960 1920", "D4 1920 2880"])
    #expect(score.tracks[2].notes[1].velocity.rawValue == 116)
  }

  /// Of two notes of one pitch that start together, the longer one remains, with the higher of the two velocities.
  @Test(arguments: [("!ff", "!p"), ("!p", "!ff")])
  func theLongerOfAUnisonIsAsLoudAsTheLouder(short: String, long: String) throws {
    let source = "part: a piano\npart: b piano\nmeter: 4/4\na: \(short) d4/4 r/2.\nb: \(long) d4/1_"
    let score = try Manuscript(source).score()
    #expect(score.tracks[1].notes.isEmpty && score.tracks[2].notes.map(\.end.rawValue) == [1920])
    #expect(score.tracks[2].notes.map(\.velocity.rawValue) == [116])
  }

  @Test func formatZeroIsOneTrackWithTheTitle() throws {
    let source = "title: Two\nformat: 0\npart: a flute\npart: b cello channel 2\nmeter: 1/4\na: c5/4\"la\"\nb: c3/4"
    let score = try Manuscript(source).score()
    #expect(score.tracks.count == 1)
    #expect(score.tracks[0].name == "Two")
    #expect(score.tracks[0].notes.map(\.pitch.rawValue) == [72, 48])
    #expect(score.tracks[0].texts.filter { $0.kind == .trackName }.count == 1)
    #expect(score.tracks[0].texts.contains { $0.kind == .lyric && $0.string == "la" })
  }

  @Test func silentPartsNeedNoBars() throws {
    let source = "part: a piano\npart: b flute channel 2\nmeter: 1/4\nsection: A\na: c4/4\nsection: B\na: d4/4\nb: d5/4"
    let score = try Manuscript(source).score()
    #expect(score.tracks[2].notes.map(\.onset.rawValue) == [480])
  }

  @Test(arguments: [96, 480, 960])
  func resolutionScalesEverything(ticksPerQuarter: Int) throws {
    let score = try piece("{3 c4/4 d e} f/8. g/16 a/4'", fields: "ppq: \(ticksPerQuarter)")
    let onsets = score.tracks[1].notes.map { Double($0.onset.rawValue) / Double(ticksPerQuarter) }
    #expect(onsets == [0, 2.0 / 3, 4.0 / 3, 2, 2.75, 3])
    #expect(score.tracks[1].notes.last?.duration.rawValue == Int64(ticksPerQuarter / 2))
  }
}
