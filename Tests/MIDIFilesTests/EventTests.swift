import MIDIFiles
import MusicCore
import Testing

/// The events of a track, which start at byte 22.
@Suite struct EventTests {
  static let c4: [UInt8] = Fixture.playC4

  static func fixture(
    _ name: String, _ events: [UInt8]..., notes: [Note] = [Fixture.c4], repairs: [Repair] = [],
    refused: Repair.Kind? = nil
  ) -> Fixture {
    Fixture(
      name, header() + bareTrack(events.flatMap { $0 } + end), notes: notes, repairs: repairs, refused: refused)
  }

  static let fromHere = [note(60, 10...106)]
  static let playedAt10 = on(10, 60) + off(96, 60)

  static let status: [Fixture] = [
    fixture("running status", on(0, 60), [96, 60, 0]),
    fixture(
      "running status after a meta event", on(0, 60), meta(0, 1, [0x41]), [96, 60, 0],
      repairs: [repair(.resumedRunningStatus, 32)], refused: .resumedRunningStatus),
    fixture(
      "running status after SysEx", on(0, 60), [0, 0xF0, 1, 0xF7], [96, 60, 0],
      repairs: [repair(.resumedRunningStatus, 31)], refused: .resumedRunningStatus),
    fixture(
      "running status after a real-time byte", on(0, 60), [48, 0xF8], [48, 60, 0],
      repairs: [repair(.systemMessage, 27), repair(.resumedRunningStatus, 29)], refused: .systemMessage),
    fixture(
      "data before any status", [0, 0x3C, 0x40], playedAt10, notes: fromHere,
      repairs: [repair(.dataWithoutStatus, 23)], refused: .dataWithoutStatus),
    fixture(
      "data before any status, followed by a long delta time", [0, 0x3C, 0x40, 0x22], on(200, 60), off(96, 60),
      notes: [note(60, 200...296)], repairs: [repair(.dataWithoutStatus, 23)], refused: .dataWithoutStatus),
    fixture(
      "data bytes over 127", [0, 0x90, 0xBC, 100], [96, 0x80, 0xFF, 0xC0],
      notes: [note(127, 0...96, release: 127)], repairs: [repair(.clampedDataByte, 24, 3)], refused: .clampedDataByte),
    fixture(
      "data byte over 247", [0, 0x90, 60, 0xFB], off(96, 60), notes: [note(60, 0...96, velocity: 127)],
      repairs: [repair(.clampedDataByte, 25)], refused: .clampedDataByte),
    fixture(
      "real-time byte inside a message", [0, 0x90, 60, 0xF8, 100], off(96, 60),
      repairs: [repair(.systemMessage, 25)], refused: .systemMessage),
    fixture(
      "real-time byte before the data of a message", [0, 0x90, 0xFE, 60, 100], off(96, 60),
      repairs: [repair(.systemMessage, 24)], refused: .systemMessage),
    fixture(
      "real-time and undefined bytes as events", [4, 0xF4], [1, 0xF5], [2, 0xF8], [1, 0xFD], [2, 0xFE], on(0, 60),
      off(96, 60), notes: fromHere, repairs: [repair(.systemMessage, 23, 5)], refused: .systemMessage),
    fixture(
      "system common messages with their data", [4, 0xF1, 0x11], [2, 0xF2, 0x11, 0x22], [4, 0xF3, 0x11], [0, 0xF6], c4,
      notes: fromHere, repairs: [repair(.systemMessage, 23, 4)], refused: .systemMessage),
    fixture(
      "delta time of five bytes", [0x80, 0x80, 0x80, 0x80, 0x0A, 0x90, 60, 100], off(96, 60), notes: fromHere,
      repairs: [repair(.longVariableLength, 22)], refused: .longVariableLength),
    fixture(
      "delta time of ten bytes", [UInt8](repeating: 0xFF, count: 9) + [0x7F, 0x90, 60, 100], off(96, 60),
      notes: [note(60, 0x0FFF_FFFF...0x0FFF_FFFF + 96)], repairs: [repair(.longVariableLength, 22)],
      refused: .longVariableLength),
    fixture("longest time", on(0x0FFF_FFFF, 60), off(96, 60), notes: [note(60, 0x0FFF_FFFF...0x0FFF_FFFF + 96)]),
  ]

  static let payloads: [Fixture] = [
    fixture("F7 escape", [10, 0xF7, 3, 0x90, 60, 100], c4, notes: fromHere),
    fixture("SysEx", [10, 0xF0, 3, 1, 2, 0xF7], c4, notes: fromHere),
    fixture(
      "split SysEx", [4, 0xF0, 2, 1, 2], [3, 0xF7, 1, 3], [3, 0xF7, 2, 4, 0xF7], c4, notes: fromHere,
      repairs: [repair(.splitSystemExclusive, 28, 2)]),
    fixture("SysEx that never ends", [10, 0xF0, 2, 1, 2], c4, notes: fromHere),
    fixture(
      "SysEx with bytes over 127", [10, 0xF0, 4, 1, 0xB7, 0x80, 0xF7], c4, notes: fromHere,
      repairs: [repair(.clampedDataByte, 26, 2)], refused: .clampedDataByte),
    fixture("empty SysEx", [10, 0xF0, 0], c4, notes: fromHere),
    fixture(
      "SysEx whose length excludes the F7", [10, 0xF0, 2, 1, 2, 0xF7], c4, notes: fromHere,
      repairs: [repair(.wrongEventLength, 24)], refused: .wrongEventLength),
    fixture(
      "SysEx whose length is far too short", [10, 0xF0, 1, 1, 2, 3, 4, 5, 0xF7], c4, notes: fromHere,
      repairs: [repair(.wrongEventLength, 24)], refused: .wrongEventLength),
    fixture(
      "SysEx whose length swallows notes", [10, 0xF0, 9, 1, 2, 3, 0xF7], c4, notes: fromHere,
      repairs: [repair(.wrongEventLength, 24)], refused: .wrongEventLength),
    fixture(
      "SysEx without a length, as sent over a cable", [10, 0xF0, 0x7E, 0x7F, 9, 1, 0xF7], c4, notes: fromHere,
      repairs: [repair(.wrongEventLength, 24)], refused: .wrongEventLength),
    fixture(
      "text whose length exceeds the track", [10, 0xFF, 1, 0x60, 0x41, 0x42, 0x43], c4,
      notes: [Fixture.c4].map { note($0.pitch.rawValue, 10...106) }, repairs: [repair(.wrongEventLength, 25)],
      refused: .wrongEventLength),
    fixture(
      "text whose length exceeds the file", c4, meta(0, 5, [0x41]).dropLast(2) + [0xFF, 0xFF, 0x7F, 0x41],
      on(10, 62), off(96, 62), notes: [Fixture.c4, note(62, 106...202)], repairs: [repair(.wrongEventLength, 33)],
      refused: .wrongEventLength),
    fixture("unknown meta events", meta(3, 0x7F, [1, 2, 3]), meta(7, 0x60, []), c4, notes: fromHere),
    fixture("sequencer-specific data that looks like notes", meta(10, 0x7F, c4 + end), c4, notes: fromHere),
  ]

  static let pairing: [Fixture] = [
    fixture("note-on with velocity 0 ends a note", on(0, 60), on(96, 60, velocity: 0)),
    fixture(
      "note of zero length", on(5, 60), off(0, 60), notes: [note(60, 5...5)], repairs: [repair(.zeroLengthNote, 28)]),
    fixture(
      "overlapping notes of one pitch, first in, first out", on(0, 60), on(10, 60, velocity: 50), off(10, 60),
      off(10, 60), notes: [note(60, 0...20), note(60, 10...30, velocity: 50)], repairs: [repair(.overlappingNote, 28)]),
    fixture(
      "the same pitch on two channels", on(0, 60), on(10, 60, channel: 1), off(10, 60, channel: 1), off(10, 60),
      notes: [note(60, 0...30), note(60, 10...20, channel: 1)]),
    fixture("orphan note-off", off(0, 61), c4, repairs: [repair(.orphanNoteOff, 24)]),
    fixture(
      "note never ended", on(0, 60), meta(96, 1, [0x41]), repairs: [repair(.hangingNote, 35)]),
    fixture(
      "note of zero length whose note-off comes before its note-on", off(0, 60), on(0, 60), on(10, 60), off(20, 60),
      notes: [note(60, 0...0), note(60, 10...30)],
      repairs: [repair(.orphanNoteOff, 24), repair(.overlappingNote, 32), repair(.zeroLengthNote, 42)]),
    fixture(
      "note-off before the note-on of a note that has another note-off", off(0, 60), on(0, 60), off(96, 60),
      repairs: [repair(.orphanNoteOff, 24)]),
    fixture(
      "all notes off", on(0, 60), on(0, 64, channel: 1), [96, 0xB0, 123, 0], off(4, 64, channel: 1), off(0, 60),
      notes: [Fixture.c4, note(64, 0...100, channel: 1)], repairs: [repair(.orphanNoteOff, 40)]),
    fixture("all sound off", on(0, 60), [96, 0xB0, 120, 0]),
    fixture(
      "notes sorted by onset, chords in the order of the file", on(0, 64), on(0, 60), off(5, 60), off(0, 64),
      notes: [note(64, 0...5), note(60, 0...5)]),
  ]

  @Test(arguments: status) func readsStatus(_ fixture: Fixture) throws { try check(fixture) }

  @Test(arguments: payloads) func readsPayloads(_ fixture: Fixture) throws { try check(fixture) }

  @Test(arguments: pairing) func readsPairing(_ fixture: Fixture) throws { try check(fixture) }

  @Test func systemExclusives() throws {
    let bytes =
      header()
      + track(
        [0, 0xF0, 3, 1, 2, 0xF7], [5, 0xF0, 2, 1, 2], [5, 0xF7, 2, 3, 0xF7], [0, 0xF0, 3, 9, 8, 7, 6, 0xF7],
        [0, 0xF0, 1, 0xF7], on(0, 60), off(1, 60))
    #expect(
      try MIDIFile(bytes: bytes).score.tracks[0].systemExclusives == [
        SystemExclusive(tick: 0, bytes: [1, 2]), SystemExclusive(tick: 10, bytes: [1, 2, 3]),
        SystemExclusive(tick: 10, bytes: [9, 8, 7, 6]), SystemExclusive(tick: 10, bytes: []),
      ])
  }

  @Test func controls() throws {
    let bytes =
      header()
      + track(
        [0, 0xC3, 5], [1, 0xB3, 64, 127], [1, 64, 0], [1, 0xE3, 0, 0], [1, 0x7F, 0x7F], [1, 0x00, 0x40], [1, 0xD3, 99],
        [1, 0xA3, 60, 98])
    let messages: [ControlEvent.Message] = [
      .program(Program(masking: 5)), .controller(.sustain, 127), .controller(.sustain, 0), .pitchBend(-8192),
      .pitchBend(8191), .pitchBend(0), .channelPressure(99), .keyPressure(Pitch(masking: 60), 98),
    ]
    let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    #expect(
      file.score.tracks[0].controls
        == messages.enumerated().map {
          ControlEvent(tick: Tick(rawValue: Int64($0.offset)), channel: Channel(status: 3), message: $0.element)
        })
  }

  @Test func textsInAnyEncoding() throws {
    let long = [UInt8](repeating: 0x41, count: 300)
    let latin1: [UInt8] = [0xC9, 0x74, 0x75, 0x64, 0x65]
    let shiftJIS: [UInt8] = [0x89, 0xCC]
    let bytes = header() + track(meta(0, 3, long), meta(2, 5, latin1), meta(0, 1, shiftJIS), meta(0, 6, []), Self.c4)
    let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    #expect(
      file.score.tracks[0].texts == [
        TextEvent(tick: 0, kind: .trackName, bytes: long), TextEvent(tick: 2, kind: .lyric, bytes: latin1),
        TextEvent(tick: 2, kind: .text, bytes: shiftJIS),
      ])
    #expect(file.score.tracks[0].texts[1].string == "Étude")
    #expect(file.score.tracks[0].name == String(repeating: "A", count: 300))
  }
}
