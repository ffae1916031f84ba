import MIDIFiles
import MusicCore
import Testing

/// Headers, tracks and other chunks. The first track starts at byte 14, its events at byte 22.
@Suite struct ChunkTests {
  static let c4: [UInt8] = Fixture.playC4
  static let d4: [UInt8] = on(0, 62) + off(96, 62)
  static let both = [Fixture.c4, note(62, 0...96)]
  static let longTrack = track(c4, length: 0x7FFF_0000)

  static let tracks: [Fixture] = [
    Fixture("sound file", header() + track(c4)),
    Fixture(
      "no end-of-track", header() + bareTrack(c4), repairs: [repair(.missingEndOfTrack, 30)],
      refused: .missingEndOfTrack),
    Fixture(
      "data after end-of-track", header() + bareTrack(c4, end, d4, end),
      repairs: [repair(.dataAfterEndOfTrack, 34)], refused: .dataAfterEndOfTrack),
    Fixture(
      "several end-of-tracks", header() + bareTrack(c4, end, end, end), repairs: [repair(.dataAfterEndOfTrack, 34)],
      refused: .dataAfterEndOfTrack),
    Fixture(
      "end-of-track without its length byte", header() + bareTrack(c4, [0x00, 0xFF, 0x2F]),
      repairs: [repair(.truncatedEvent, 33)], refused: .truncatedEvent),
    Fixture(
      "empty track", header(format: 1, tracks: 2) + bareTrack() + track(c4),
      repairs: [repair(.emptyTrack, 14), repair(.missingEndOfTrack, 22)], refused: .emptyTrack),
    Fixture(
      "length too long, last track", header() + longTrack, repairs: [repair(.wrongTrackLength, 18)],
      refused: .wrongTrackLength),
    Fixture(
      "length 0xFFFFFFFF, more tracks", header(format: 1, tracks: 2) + track(c4, length: 0xFFFF_FFFF) + track(d4),
      notes: both, repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "length too long, no end-of-track", header(format: 1, tracks: 2) + bareTrack(c4, length: 99) + track(d4),
      notes: both, repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "length that swallows the next track", header(format: 1, tracks: 2) + track(c4, length: 32) + track(d4),
      notes: both, repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "length too short", header(format: 1, tracks: 2) + track(c4, length: 7) + track(d4), notes: both,
      repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "length zero with events", header(format: 1, tracks: 2) + track(c4, length: 0) + track(d4), notes: both,
      repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "truncated in a track", header() + bareTrack(c4, on(0, 62), length: 40),
      notes: [Fixture.c4, note(62, 96...96)],
      repairs: [repair(.truncatedTrack, 34), repair(.hangingNote, 34), repair(.zeroLengthNote, 34)],
      refused: .truncatedTrack),
    Fixture(
      "truncated in an event", header() + bareTrack(c4, [0x00, 0x90, 62], length: 40),
      repairs: [repair(.truncatedEvent, 32), repair(.truncatedTrack, 33)], refused: .truncatedEvent),
    Fixture(
      "truncated in a delta time", header() + bareTrack(c4, [0x81], length: 40),
      repairs: [repair(.truncatedEvent, 30), repair(.truncatedTrack, 31)], refused: .truncatedEvent),
    Fixture(
      "truncated in a text", header() + bareTrack(c4, [0x00, 0xFF, 0x01, 0x20, 0x41, 0x90, 0x40, 0x40], length: 99),
      repairs: [repair(.truncatedEvent, 33), repair(.truncatedTrack, 38)], refused: .truncatedEvent),
    Fixture(
      "truncated in the header of a track", header(format: 1, tracks: 2) + track(c4) + Array("MTrk".utf8) + [0, 0],
      repairs: [repair(.truncatedTrack, 34), repair(.wrongTrackCount, 10)], refused: .truncatedTrack),
    Fixture(
      "more tracks than announced", header(format: 1, tracks: 1) + track(c4) + track(d4), notes: both,
      repairs: [repair(.wrongTrackCount, 10)], refused: .wrongTrackCount),
    Fixture(
      "fewer tracks than announced", header(format: 1, tracks: 9) + track(c4), repairs: [repair(.wrongTrackCount, 10)],
      refused: .wrongTrackCount),
    Fixture("format 0 with several tracks", header(tracks: 2) + track(c4) + track(d4), notes: both),
    Fixture("no tracks at all", header(tracks: 0), notes: []),
  ]

  static let surroundings: [Fixture] = [
    Fixture(
      "junk between tracks", header(format: 1, tracks: 2) + track(c4) + [1, 2, 3, 0xFF] + track(d4), notes: both,
      repairs: [repair(.junkBetweenTracks, 34)], refused: .junkBetweenTracks),
    Fixture(
      "junk, then a track of a wrong length",
      header(format: 1, tracks: 2) + track(c4) + [1, 2, 3] + track(d4, length: 0x7000_0000),
      notes: both, repairs: [repair(.junkBetweenTracks, 34), repair(.wrongTrackLength, 41)],
      refused: .junkBetweenTracks),
    Fixture(
      "alien chunk between tracks", header(format: 1, tracks: 2) + track(c4) + chunk("XFIH", [1, 2, 3]) + track(d4),
      notes: both, repairs: [repair(.alienChunk, 34)]),
    Fixture(
      "alien chunk before the tracks", header() + chunk("abcd", Array("MTrk".utf8)) + track(c4),
      repairs: [repair(.alienChunk, 14)]),
    Fixture("alien chunk at the end", header() + track(c4) + chunk("XFKM", [0]), repairs: [repair(.alienChunk, 34)]),
    Fixture(
      "alien chunk that swallows a track",
      header(format: 1, tracks: 2) + track(c4) + chunk("XFIH", [1, 2], length: 15) + track(d4), notes: both,
      repairs: [repair(.junkBetweenTracks, 34)], refused: .junkBetweenTracks),
    Fixture(
      "trailing bytes", header() + track(c4) + [UInt8](repeating: 0x1A, count: 5),
      repairs: [repair(.trailingBytes, 34)], refused: .trailingBytes),
    Fixture(
      "leading junk", Array("Subject: song\n".utf8) + header() + track(c4), repairs: [repair(.leadingBytes, 0)],
      refused: .leadingBytes),
    Fixture(
      "MacBinary",
      [0, 4] + Array("song".utf8) + [UInt8](repeating: 0, count: 122) + header() + track(c4)
        + [UInt8](repeating: 0, count: 94),
      repairs: [repair(.leadingBytes, 0), repair(.trailingBytes, 162)], refused: .leadingBytes),
    Fixture(
      "two files in one", header() + track(c4) + header(division: 96) + track(d4),
      repairs: [repair(.trailingBytes, 34)], refused: .trailingBytes),
    Fixture(
      "two files in one, the first without an end-of-track and with a wrong length",
      header() + bareTrack(c4, length: 77) + header(division: 96) + track(d4),
      repairs: [repair(.wrongTrackLength, 18), repair(.trailingBytes, 30)], refused: .wrongTrackLength),
    Fixture(
      "MTrk in a text", header(format: 1, tracks: 2) + track(meta(0, 1, Array("an MTrk here".utf8)), c4) + track(d4),
      notes: both),
    Fixture(
      "MTrk in a text of a track of a wrong length",
      header(format: 1, tracks: 2) + track(meta(0, 1, Array("an MTrk here".utf8)), c4, length: 3) + track(d4),
      notes: both, repairs: [repair(.wrongTrackLength, 18)], refused: .wrongTrackLength),
    Fixture(
      "header of 8 bytes", chunk("MThd", big(0, 2) + big(1, 2) + big(480, 2) + [7, 7]) + track(c4),
      repairs: [repair(.longHeader, 4)]),
    Fixture(
      "header of 6 bytes that says 4", chunk("MThd", big(0, 2) + big(1, 2) + big(480, 2), length: 4) + track(c4),
      repairs: [repair(.shortHeader, 4)], refused: .shortHeader),
    Fixture(
      "header of 6 bytes that says 0xFFFFFFFF",
      chunk("MThd", big(0, 2) + big(1, 2) + big(480, 2), length: 0xFFFF_FFFF) + track(c4),
      repairs: [repair(.longHeader, 4)]),
    Fixture(
      "format 3", header(format: 3) + track(c4), repairs: [repair(.unknownFormat, 8)], refused: .unknownFormat),
    Fixture("RMID", riff(header() + track(c4))),
    Fixture("RMID with a padding byte", riff(header() + track(meta(0, 1, [0x41]), c4))),
    Fixture(
      "RMID with a LIST chunk at the end", riff(header() + track(c4)) + Array("LIST".utf8) + little(4) + big(0, 4)),
    Fixture(
      "RMID with a wrong size", riff(header(format: 1, tracks: 2) + track(c4) + track(d4), size: 29), notes: both),
  ]

  /// The RIFF wrapper "RMID"; its sizes are little-endian.
  static func riff(_ file: [UInt8], size: Int? = nil) -> [UInt8] {
    let padded = file + [UInt8](repeating: 0, count: file.count % 2)
    return Array("RIFF".utf8) + little(padded.count + 12) + Array("RMIDdata".utf8) + little(size ?? file.count) + padded
  }

  @Test(arguments: tracks) func readsTracks(_ fixture: Fixture) throws { try check(fixture) }

  @Test(arguments: surroundings) func readsSurroundings(_ fixture: Fixture) throws { try check(fixture) }

  @Test func sequencesStayApart() throws {
    let bytes = header(format: 2, tracks: 2) + track(tempo(0, 250_000), Self.c4) + track(Self.d4)
    let first = try MIDIFile(bytes: bytes)
    #expect(first.sequences == 2)
    #expect(first.notes == [Self.both[0]])
    #expect(first.score.tempoMap.changes.map(\.microsecondsPerQuarter) == [250_000])
    #expect(first.repairs == [repair(.separateSequences, 8, 2)])
    let second = try MIDIFile(bytes: bytes, options: .init(isStrict: true, sequence: 2))
    #expect(second.notes == [Self.both[1]])
    #expect(second.score.tempoMap.changes.isEmpty)
    for number in [0, 3, -1] {
      #expect(throws: MIDIFileError.noSequence(number, of: 2)) {
        try MIDIFile(bytes: bytes, options: .init(sequence: number))
      }
    }
    #expect(throws: MIDIFileError.noSequence(2, of: 1)) {
      try MIDIFile(bytes: header() + track(Self.c4), options: .init(sequence: 2))
    }
  }

  @Test func thousandsOfTracks() throws {
    let count = 20_000
    let bytes = header(format: 1, tracks: count) + (0..<count).flatMap { _ in track(Self.c4) }
    let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    #expect(file.score.tracks.count == count)
    #expect(file.notes.allSatisfy { $0 == Fixture.c4 })
  }

  @Test func portsOfTracks() throws {
    let bytes = header(format: 1, tracks: 2) + track(Self.c4) + track(meta(0, 0x21, [3]), Self.c4)
    #expect(try MIDIFile(bytes: bytes).notes.map(\.port) == [0, 3])
  }
}
