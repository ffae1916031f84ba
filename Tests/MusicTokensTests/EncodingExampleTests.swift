import MusicCore
import MusicTokens
import Testing

/// Streams derived by hand from the rules.
@Suite struct EncodingExampleTests {
  /// 32 ticks per quarter note at 120 bpm, so that a tick of the score is a tick of the stream.
  private static let map = TempoMap(division: .metrical(ticksPerQuarter: 32))

  private func note(_ pitch: UInt8, _ onset: Int64, _ end: Int64, _ velocity: UInt8 = 80, channel: UInt8 = 0) -> Note {
    Note(
      onset: Tick(rawValue: onset), end: Tick(rawValue: end), pitch: Pitch(masking: pitch),
      velocity: Velocity(masking: velocity), channel: Channel(status: channel))
  }

  private func control(_ number: UInt8, _ value: UInt8, at tick: Int64, channel: UInt8 = 0) -> ControlEvent {
    ControlEvent(
      tick: Tick(rawValue: tick), channel: Channel(status: channel),
      message: .controller(Controller(masking: number), value))
  }

  private func names(
    _ notes: [Note], _ controls: [ControlEvent] = [], options: EncodingOptions = EncodingOptions()
  ) throws -> String {
    let score = Score(tempoMap: Self.map, tracks: [Track(notes: notes, controls: controls)])
    return try TokenEncoder(options: options).encode(score).map(\.shortName).joined(separator: " ")
  }

  @Test func withinATickNoteOffsComeFirstThenNoteOnsByLevelAndPitch() throws {
    let notes = [
      note(64, 0, 32, 112), note(60, 0, 32, 33), note(67, 0, 32, 33), note(72, 32, 64, 80), note(48, 32, 64, 33),
    ]
    #expect(try names(notes) == "pp +60 +67 ff +64 32 -60 -64 -67 pp +48 mf +72 32 -48 -72")
  }

  @Test func silenceIsShiftsOf512AndARemainder() throws {
    #expect(try names([note(60, 1030, 1031)]) == "512 512 6 mf +60 1 -60")
    #expect(try names([note(60, 512, 1024)]) == "512 mf +60 512 -60")
  }

  @Test(arguments: [
    (1, "pp"), (41, "pp"), (42, "p"), (56, "p"), (57, "mp"), (72, "mp"), (73, "mf"), (88, "mf"), (89, "f"), (104, "f"),
    (105, "ff"), (127, "ff"),
  ])
  func velocitiesTakeTheNearestLevel(velocity: UInt8, level: String) throws {
    #expect(try names([note(60, 0, 1, velocity)]) == "\(level) +60 1 -60")
  }

  @Test func aNoteLastsAtLeastATick() throws {
    #expect(try names([note(60, 4, 4)]) == "4 mf +60 1 -60")
    #expect(try names([note(60, 4, 4), note(60, 5, 9)]) == "4 mf +60 1 -60 +60 4 -60")
  }

  @Test func aNewOnsetEndsTheEarlierNoteOfItsPitch() throws {
    #expect(try names([note(60, 0, 10), note(60, 6, 20)]) == "mf +60 6 -60 +60 14 -60")
    // First in, first out: the first note-off belongs to the first note, which the second has ended already.
    #expect(try names([note(60, 0, 30), note(60, 6, 20)]) == "mf +60 6 -60 +60 24 -60")
    // With the second note on another channel, the late note-off of the first note has no effect.
    #expect(try names([note(60, 0, 30), note(60, 6, 20, channel: 1)]) == "mf +60 6 -60 +60 14 -60")
  }

  @Test func notesOfOnePitchAndOnsetAreMergedToTheLoudestAndLongest() throws {
    let expected = "ff +60 30 -60"
    #expect(try names([note(60, 0, 30, 33), note(60, 0, 10, 112, channel: 1)]) == expected)
    #expect(try names([note(60, 0, 10, 112), note(60, 0, 30, 33, channel: 1)]) == expected)
  }

  @Test func sustainHoldsUntilThePedalComesUpOrThePitchIsStruckAgain() throws {
    let notes = [note(60, 0, 4), note(62, 2, 4), note(62, 8, 30)]
    let pedal = [control(64, 64, at: 3), control(64, 63, at: 16)]
    #expect(try names(notes, pedal) == "mf +60 2 +62 6 -62 +62 8 -60 14 -62")
    #expect(
      try names(notes, pedal, options: EncodingOptions(pedal: .ignore)) == "mf +60 2 +62 2 -60 -62 4 +62 22 -62")
  }

  @Test func atOneInstantTheOrderOfTheFileCounts() throws {
    func turn(_ event: ControlEvent, _ turn: UInt8) -> ControlEvent {
      var event = event
      event.turn = turn
      return event
    }
    var late = note(60, 0, 4)
    late.endTurn = 1
    let down = control(64, 127, at: 4)
    let up = control(64, 0, at: 9)
    // The pedal goes down after the key comes up, or before it.
    #expect(try names([note(60, 0, 4)], [down, up]) == "mf +60 4 -60")
    #expect(try names([late], [down, up]) == "mf +60 9 -60")
    // Up and down in one tick, in this order, is repedaling: sustained notes end and following ones are held.
    let notes = [note(60, 0, 2), note(62, 4, 5)]
    let first = control(64, 127, at: 0)
    #expect(try names(notes, [first, turn(control(64, 0, at: 4), 0), turn(down, 0), up]) == "mf +60 4 -60 +62 5 -62")
    #expect(try names(notes, [first, down, control(64, 0, at: 4), up]) == "mf +60 4 -60 +62 1 -62")
  }

  @Test func sostenutoHoldsOnlyWhatSoundsWhenItGoesDown() throws {
    let pedal = [control(66, 127, at: 2), control(66, 0, at: 20)]
    #expect(
      try names([note(60, 0, 4), note(62, 2, 6), note(64, 3, 6)], pedal) == "mf +60 2 +62 1 +64 3 -62 -64 14 -60")
  }

  @Test func pedalsWorkOnTheirChannelOnly() throws {
    let pedal = [control(64, 127, at: 0, channel: 1), control(64, 0, at: 20, channel: 1)]
    #expect(try names([note(60, 0, 4), note(62, 0, 4, channel: 1)], pedal) == "mf +60 +62 4 -60 16 -62")
  }

  @Test func aPedalInAnotherTrackOfTheChannelCounts() throws {
    let pedal = Track(controls: [control(64, 127, at: 0), control(64, 0, at: 20)])
    let score = Score(tempoMap: Self.map, tracks: [Track(notes: [note(60, 0, 4)]), pedal])
    let options = EncodingOptions(tracks: [0])
    #expect(try TokenEncoder(options: options).encode(score).map(\.shortName) == ["mf", "+60", "20", "-60"])
  }

  @Test func resettingControllersLiftsThePedals() throws {
    #expect(try names([note(60, 0, 4)], [control(64, 127, at: 0), control(121, 0, at: 12)]) == "mf +60 12 -60")
  }

  @Test func allSoundOffEndsWhatPedalsHold() throws {
    let pedal = [control(64, 127, at: 0), control(120, 0, at: 12), control(64, 0, at: 30)]
    #expect(try names([note(60, 0, 4)], pedal) == "mf +60 12 -60")
    // All-notes-off only releases keys; the pedal still holds the notes.
    let keysOnly = [control(64, 127, at: 0), control(123, 0, at: 12), control(64, 0, at: 30)]
    #expect(try names([note(60, 0, 12)], keysOnly) == "mf +60 30 -60")
  }

  @Test(arguments: 123...127 as ClosedRange<UInt8>) func channelModeMessagesReleaseKeys(number: UInt8) throws {
    #expect(try names([note(60, 0, 8), note(60, 8, 20)], [control(number, 0, at: 4)]) == "mf +60 4 -60 4 +60 12 -60")
    let pedal = [control(64, 127, at: 0), control(number, 0, at: 4), control(64, 0, at: 30)]
    #expect(try names([note(60, 0, 8)], pedal) == "mf +60 30 -60")
  }

  @Test(
    arguments: [
      [0x7E, 0x7F, 9, 1], [0x7E, 0x7F, 9, 2], [0x7E, 0x7F, 9, 3], [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41],
      [0x41, 0x10, 0x42, 0x12, 0, 0, 0x7F, 1, 0], [0x43, 0x10, 0x4C, 0, 0, 0x7E, 0],
    ] as [[UInt8]])
  func resetsLiftPedalsAndEndEverything(message: [UInt8]) throws {
    let pedal = [control(64, 127, at: 0), control(66, 127, at: 1), control(64, 0, at: 40)]
    let notes = [note(60, 0, 2), note(62, 0, 30), note(64, 12, 14), note(65, 0, 20, channel: 3)]
    var score = Score(tempoMap: Self.map, tracks: [Track(notes: notes, controls: pedal)])
    score.tracks.append(Track(systemExclusives: [SystemExclusive(tick: 10, bytes: message, port: 2)]))
    let tokens = try TokenEncoder().encode(score).map(\.shortName).joined(separator: " ")
    #expect(tokens == "mf +60 +62 +65 10 -60 -62 -65 2 +64 2 -64")
  }

  @Test func aKeyIsUpWhenReleasedAsOftenAsPressed() throws {
    // One hand holds a key that the other strikes: two tracks on one channel.
    let hands = [Track(notes: [note(60, 0, 40)]), Track(notes: [note(60, 10, 15)])]
    for tracks in [hands, hands.reversed()] {
      let tokens = try TokenEncoder().encode(Score(tempoMap: Self.map, tracks: tracks))
      #expect(tokens.map(\.shortName).joined(separator: " ") == "mf +60 10 -60 +60 30 -60")
    }
  }

  @Test func drumsAreLeftOutUnlessRequested() throws {
    let notes = [note(36, 0, 4, channel: 9), note(60, 0, 4)]
    #expect(try names(notes) == "mf +60 4 -60")
    #expect(try names(notes, options: EncodingOptions(includesDrums: true)) == "mf +36 +60 4 -36 -60")
    #expect(try names(notes, options: EncodingOptions(channels: [.drums])) == "mf +36 4 -36")
  }

  @Test func timesAreRoundedAsPositionsUpAtATie() throws {
    // Two ticks of the score are one of the stream: 0.5 rounds up, and rounding errors do not accumulate.
    let map = TempoMap(division: .metrical(ticksPerQuarter: 64))
    let notes = (0..<4).map { note(UInt8(60 + $0), Int64($0), 40) }
    let tokens = try TokenEncoder().encode(Score(tempoMap: map, tracks: [Track(notes: notes)]))
    #expect(tokens.map(\.shortName).joined(separator: " ") == "mf +60 1 +61 +62 1 +63 18 -60 -61 -62 -63")
  }

  @Test func anEmptyScoreHasNoTokens() throws {
    #expect(try names([]) == "")
    #expect(try names([], [control(64, 127, at: 4)]) == "")
  }
}

extension Token {
  /// `+60`, `-60`, `32`, `mf`.
  fileprivate var shortName: String {
    switch meaning {
    case .noteOn(let pitch): "+\(pitch.rawValue)"
    case .noteOff(let pitch): "-\(pitch.rawValue)"
    case .timeShift(let ticks): "\(ticks)"
    case .velocityChange(let level): "\(level)"
    }
  }
}
