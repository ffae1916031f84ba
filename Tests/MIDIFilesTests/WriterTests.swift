import MIDIFiles
import MusicCore
import TestSupport
import Testing

/// Written files, read by this project's reader and by libsmf.
@Suite struct WriterTests {
  @Test(arguments: 0..<200) func format1HoldsTheScore(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let score = Score.generated(using: &random)
    let bytes = try MIDIFile.bytes(of: score, format: 1)
    let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    #expect(file.format == 1)
    #expect(file.score.tempoMap == score.tempoMap)
    #expect(file.score.timeSignatures == score.timeSignatures)
    #expect(file.score.keySignatures == score.keySignatures)
    #expect(file.score.tracks == score.tracks)
    #expect(notesReadByLibSMF(bytes) == score.tracks.map(\.notes.onFirstPort))
  }

  @Test(arguments: 0..<100) func format0HoldsTheScore(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var score = Score.generated(using: &random)
    // In format 0, notes of one pitch and channel from several tracks could not be distinguished.
    for index in score.tracks.indices.dropFirst() { score.tracks[index].notes = [] }
    let bytes = try MIDIFile.bytes(of: score, format: 0)
    let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
    #expect(file.format == 0)
    #expect(file.score.tempoMap == score.tempoMap)
    #expect(file.score.timeSignatures == score.timeSignatures)
    #expect(file.score.keySignatures == score.keySignatures)
    #expect(file.notes == score.tracks[0].notes)
    let controls = score.tracks.flatMap(\.controls).sorted { $0.tick < $1.tick }
    #expect(file.score.tracks[0].controls.withoutTurns == controls)
    #expect(file.score.tracks[0].texts == score.tracks.flatMap(\.texts).sorted { $0.tick < $1.tick })
    #expect(notesReadByLibSMF(bytes) == [score.tracks[0].notes.onFirstPort])
  }

  @Test func formatByDefault() throws {
    let map = TempoMap(division: .metrical(ticksPerQuarter: 96))
    for (count, format) in [(0, 0), (1, 0), (2, 1), (9, 1)] {
      let score = Score(tempoMap: map, tracks: [Track](repeating: Track(), count: count))
      let file = try MIDIFile(bytes: MIDIFile.bytes(of: score), options: .init(isStrict: true))
      #expect(file.format == format)
      #expect(file.score.tracks.count == max(1, count))
    }
  }

  @Test(arguments: [(Division.FrameRate.fps24, 80), (.fps25, 40), (.fps29_97, 100), (.fps30, 255)])
  func timecodeKeepsItsTime(rate: Division.FrameRate, ticksPerFrame: Int) throws {
    let map = TempoMap(
      division: .timecode(rate, ticksPerFrame: ticksPerFrame),
      changes: [TempoChange(tick: 0, microsecondsPerQuarter: 1)])
    let notes = [note(60, 0...1000), note(61, 123_456...7_654_321)]
    let file = try MIDIFile(bytes: MIDIFile.bytes(of: Score(tempoMap: map, tracks: [Track(notes: notes)])))
    #expect(file.notes == notes)
    for tick in notes.flatMap({ [$0.onset, $0.end] }) {
      let difference = file.score.tempoMap.seconds(at: tick) - map.seconds(at: tick)
      #expect(abs(difference.rawValue) < 1e-9)
    }
  }

  @Test func longTimesNeedFillers() throws {
    let notes = [note(60, 1_000_000_000...2_000_000_000)]
    let map = TempoMap(division: .metrical(ticksPerQuarter: 960))
    let file = try MIDIFile(
      bytes: MIDIFile.bytes(of: Score(tempoMap: map, tracks: [Track(notes: notes)])), options: .init(isStrict: true))
    #expect(file.notes == notes)
  }

  @Test func longTextIsSplit() throws {
    let text = String(repeating: "é♭a", count: 100)
    let track = Track(texts: [TextEvent(tick: 7, kind: .lyric, bytes: Array(text.utf8))])
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 96)), tracks: [track])
    let texts = try MIDIFile(bytes: MIDIFile.bytes(of: score)).score.tracks[0].texts
    #expect(texts.map(\.string).joined() == text)
    #expect(texts.allSatisfy { $0.tick == 7 && $0.kind == .lyric && $0.bytes.count <= 128 })
  }

  /// Tracks are written in blocks of 1024 events; delta times continue across the blocks.
  @Test(arguments: [511, 512, 513, 1023, 1024, 3000])
  func longTracksAreOne(notes count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    var tick: Int64 = 0
    let notes = (0..<count).map { index in
      // Some gaps exceed the longest delta time of a file, also at the boundary of two blocks.
      tick += index % 128 == 0 ? 0x1000_0000 / 64 : .random(in: 0...9, using: &random)
      if index == 512 { tick += 0x1234_5678 }
      return note(.random(in: 0...127, using: &random), tick...tick + .random(in: 0...50, using: &random))
    }
    let tempos = (0..<count).map { TempoChange(tick: Tick(rawValue: Int64(7 * $0)), microsecondsPerQuarter: 1000 + $0) }
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480), changes: tempos),
      tracks: [Track(notes: notes, end: Tick(rawValue: tick + 1000)), Track(notes: notes)])
    for format in [0, 1] {
      let bytes = try MIDIFile.bytes(of: score, format: format)
      let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
      #expect(file.score.tempoMap == score.tempoMap)
      #expect(file.score.tracks.map(\.notes.count).reduce(0, +) == 2 * count)
      #expect(file.score.tracks[0].end == Tick(rawValue: tick + 1000))
      guard format == 1 else { continue }
      let onsets = score.tracks.map { $0.notes.map(\.onset) }
      #expect(file.score.tracks.map { $0.notes.map(\.onset) } == onsets)
      #expect(notesReadByLibSMF(bytes)?.map { $0.map(\.onset) } == onsets)
    }
  }

  static let last = Int64(Int32.max)

  /// Scores that no MIDI file can represent are rejected, and all others are written, even if libsmf warns about them.
  @Test(arguments: [
    ("velocity 0", Track(notes: [note(60, 0...1, velocity: 0)]), true),
    ("overlapping notes", Track(notes: [note(60, 0...100), note(60, 10...20), note(60, 10...300)]), true),
    ("notes that touch", Track(notes: [note(60, 0...100), note(60, 100...200)]), true),
    ("note of zero length", Track(notes: [note(60, 5...5), note(60, 5...5)]), true),
    ("empty text", Track(texts: [TextEvent(tick: 0, kind: .text, bytes: [])]), true),
    ("long text", Track(texts: [TextEvent(tick: 0, kind: .lyric, bytes: .init(repeating: 0xFF, count: 70_000))]), true),
    ("empty SysEx", Track(systemExclusives: [SystemExclusive(tick: 0, bytes: [])]), true),
    (
      "long SysEx", Track(systemExclusives: [SystemExclusive(tick: 0, bytes: .init(repeating: 1, count: 70_000))]), true
    ),
    ("F7 in SysEx", Track(systemExclusives: [SystemExclusive(tick: 0, bytes: [1, 0xF7, 0, 0x90, 60, 60])]), false),
    ("last tick", Track(notes: [note(60, 0...last - 1)]), true),
    ("too late", Track(notes: [note(60, 0...last)]), false),
    ("far too late", Track(end: Tick(rawValue: .max)), false),
    ("control value over 127", Track(controls: [control(.controller(.sustain, 200))]), false),
    ("bend beyond its range", Track(controls: [control(.pitchBend(9000))]), false),
    ("before the start", Track(notes: [note(60, -5...5)]), false),
    ("end before onset", Track(notes: [backwards]), false),
  ])
  func edges(_ name: String, _ track: Track, isWritable: Bool) throws {
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [track, Track()])
    for format in [0, 1] {
      let bytes = try? MIDIFile.bytes(of: score, format: format)
      #expect((bytes != nil) == isWritable, "\(name) in format \(format)")
    }
  }

  static var backwards: Note {
    var note = note(60, 10...10)
    note.end = 5
    return note
  }

  static func control(_ message: ControlEvent.Message) -> ControlEvent {
    ControlEvent(tick: 0, channel: Channel(status: 0), message: message)
  }

  @Test func impossibleTimelines() {
    let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
    func isWritable(_ score: Score) -> Bool { (try? MIDIFile.bytes(of: score)) != nil }
    func tempo(_ value: Int) -> TempoMap {
      TempoMap(division: map.division, changes: [TempoChange(tick: 0, microsecondsPerQuarter: value)])
    }
    #expect(isWritable(Score(tempoMap: tempo(0xFF_FFFF))))
    #expect(!isWritable(Score(tempoMap: tempo(0x100_0000))))
    #expect(!isWritable(Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 40_000)))))
    #expect(!isWritable(Score(tempoMap: TempoMap(division: .timecode(.fps30, ticksPerFrame: 2000)))))
    for (numerator, denominator) in [(0, 4), (256, 4), (4, 3), (4, 256)] {
      let meter = TimeSignature(tick: 0, numerator: numerator, denominator: denominator)
      #expect(!isWritable(Score(tempoMap: map, timeSignatures: [meter])))
    }
    for sharps in [-8, 8, 300] {
      #expect(!isWritable(Score(tempoMap: map, keySignatures: [.init(tick: 0, sharps: sharps, isMinor: false)])))
    }
  }
}

extension [Note] {
  /// The notes as read without support for ports.
  fileprivate var onFirstPort: [Note] {
    map { note in
      var note = note
      note.port = 0
      return note
    }
  }
}

extension [ControlEvent] {
  fileprivate var withoutTurns: [ControlEvent] {
    map { event in
      var event = event
      event.turn = 0
      return event
    }
  }
}
