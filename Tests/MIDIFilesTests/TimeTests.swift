import MIDIFiles
import MusicCore
import Testing

/// Tempo, timecode, meter and key in files.
@Suite struct TimeTests {
  static let c4: [UInt8] = Fixture.playC4

  @Test(arguments: [
    (-24, 80, 1920, 1.0), (-25, 40, 1000, 1.0), (-29, 100, 3000, 1.001), (-30, 4, 120, 1.0),
    (-29, 1, 30_000 * 3600, 3_603_600.0), (-25, 255, 25 * 255 * 10, 10.0),
  ])
  func timecode(frames: Int, ticksPerFrame: Int, ticks: Int, seconds: Double) throws {
    let division = (frames & 0xFF) << 8 | ticksPerFrame
    // A tempo change has no effect on timecode.
    let bytes = header(division: division) + track(tempo(0, 1), on(ticks, 60), off(1, 60))
    let score = try MIDIFile(bytes: bytes, options: .init(isStrict: true)).score
    #expect(score.tempoMap.seconds(at: score.tracks[0].notes[0].onset) == Seconds(seconds))
  }

  @Test(arguments: [0, 0x8000, 0xE700, 0x8028, 0xFF01])
  func divisionsWithoutTime(_ division: Int) {
    #expect(throws: MIDIFileError.badDivision(UInt16(division), offset: 12)) {
      try MIDIFile(bytes: header(division: division) + track(Self.c4))
    }
  }

  @Test func temposOfAllTracksMakeOneMap() throws {
    let first = track(tempo(0, 400_000), tempo(20, 300_000), Self.c4)
    let second = track(tempo(10, 200_000), tempo(10, 100_000), Self.c4)
    let map = try MIDIFile(bytes: header(format: 1, tracks: 2) + first + second).score.tempoMap
    #expect(map.changes.map(\.tick) == [0, 10, 20])
    // Of two changes at one tick the last one in the file counts.
    #expect(map.changes.map(\.microsecondsPerQuarter) == [400_000, 200_000, 100_000])
  }

  @Test func thousandsOfTempos() throws {
    let changes = (1...8000).flatMap { tempo(480, $0 * 100) }
    let score = try MIDIFile(bytes: header() + track(changes, on(480, 60), off(1, 60))).score
    // Half a second, then the sum of 100 … 800 000 µs.
    #expect(score.tempoMap.seconds(at: score.tracks[0].notes[0].onset) == Seconds(0.5 + 100e-6 * 8000 * 8001 / 2))
  }

  @Test(arguments: [[], [0], [7, 0xA1], [0, 0, 0], [0, 7, 0xA1, 0x20]])
  func invalidTempos(_ data: [UInt8]) throws {
    let bytes = header() + track(meta(0, 0x51, data), Self.c4)
    let file = try MIDIFile(bytes: bytes)
    #expect(file.score.tempoMap.changes.isEmpty)
    #expect(file.notes == [Fixture.c4])
    #expect(file.repairs == [repair(.badTempo, 26)])
    #expect(throws: MIDIFileError.damaged(.badTempo, offset: 26)) {
      try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    }
  }

  @Test func metersAndKeys() throws {
    let bytes =
      header(format: 1, tracks: 2)
      + track(meta(0, 0x58, [6, 3, 24, 8]), meta(0, 0x59, [0xFD, 1]), meta(10, 0x58, [4, 2]))
      + track(meta(5, 0x58, [0xFF, 7, 24, 8]), meta(0, 0x59, [7, 0]), Self.c4)
    let score = try MIDIFile(bytes: bytes, options: .init(isStrict: true)).score
    #expect(
      score.timeSignatures == [
        TimeSignature(tick: 0, numerator: 6, denominator: 8), TimeSignature(tick: 5, numerator: 255, denominator: 128),
        TimeSignature(tick: 10, numerator: 4, denominator: 4),
      ])
    #expect(
      score.keySignatures == [
        KeySignature(tick: 0, sharps: -3, isMinor: true), KeySignature(tick: 5, sharps: 7, isMinor: false),
      ])
  }

  @Test(
    arguments: [
      (0x58, [0, 2, 24, 8], Repair.Kind.badTimeSignature), (0x58, [4, 8, 24, 8], .badTimeSignature),
      (0x58, [4], .badTimeSignature), (0x58, [], .badTimeSignature), (0x59, [8, 0], .badKeySignature),
      (0x59, [0xF8, 0], .badKeySignature), (0x59, [0x80, 0], .badKeySignature), (0x59, [0, 2], .badKeySignature),
      (0x59, [1], .badKeySignature), (0x59, [], .badKeySignature),
    ] as [(UInt8, [UInt8], Repair.Kind)])
  func impossibleMetersAndKeys(type: UInt8, data: [UInt8], kind: Repair.Kind) throws {
    let bytes = header() + track(meta(0, type, data), Self.c4)
    let file = try MIDIFile(bytes: bytes)
    #expect(file.score.timeSignatures.isEmpty && file.score.keySignatures.isEmpty)
    #expect(file.notes == [Fixture.c4])
    #expect(file.repairs == [repair(kind, 26)])
    #expect(throws: MIDIFileError.damaged(kind, offset: 26)) {
      try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    }
  }

  @Test func ticksBeyond32Bits() throws {
    let gap = meta(0x0FFF_FFFF, 6, [0x41])
    let bytes = header() + track((0..<40).flatMap { _ in gap }, Self.c4)
    let score = try MIDIFile(bytes: bytes, options: .init(isStrict: true)).score
    let onset = Int64(40) * 0x0FFF_FFFF
    #expect(score.tracks[0].notes == [note(60, onset...onset + 96)])
    #expect(score.tracks[0].texts.last?.tick == Tick(rawValue: onset))
    #expect(score.tempoMap.seconds(at: Tick(rawValue: onset)) == Seconds(Double(onset) / 960))
  }

  @Test func anHourOfShortTimesAddsUp() throws {
    let count = 3600 * 1000
    let bytes = header(division: 500) + track((0..<count / 10).flatMap { _ in on(5, 60) + off(5, 60) })
    let score = try MIDIFile(bytes: bytes, options: .init(isStrict: true)).score
    #expect(score.duration == Seconds(3600))
    #expect(score.noteCount == count / 10)
  }
}
