import Glibc
import MIDIFiles
import MusicCore
import Testing

struct TakeFileTests {
  private static let channel = Channel(status: 2)

  private static func path() -> String { "/tmp/aurl-take-\(getpid())-\(UInt64.random(in: 0 ... .max)).mid" }

  private static let messages: [(Int64, MIDIMessage)] = [
    (0, .noteOn(channel, Pitch(masking: 60), Velocity(masking: 90))),
    (100, .control(channel, .controller(.sustain, 127))),
    (100, .noteOff(channel, Pitch(masking: 60), Velocity(masking: 33))),
    (20_000, .systemExclusive(Array(repeating: 0x11, count: 300))),
    (3_000_000, .noteOn(channel, Pitch(masking: 61), Velocity(masking: 1))),
    (3_000_001, .control(channel, .pitchBend(-1))),
    (3_000_127, .noteOff(channel, Pitch(masking: 61), Velocity(masking: 64))),
    (3_000_255, .control(channel, .program(Program(masking: 7)))),
  ]

  @Test func isWholeAfterEveryMessage() throws {
    let path = Self.path()
    var take = try TakeFile(path: path)
    defer { unlink(path) }
    #expect(try MIDIFile(path: take.partialPath).repairs == [])
    for (index, (tick, message)) in Self.messages.enumerated() {
      try take.append(message, at: Tick(rawValue: tick))
      let read = try MIDIFile(path: take.partialPath)
      // A held note has no end yet; nothing else needs a repair.
      #expect(read.repairs.allSatisfy { [.hangingNote, .zeroLengthNote].contains($0.kind) })
      #expect(read.score.noteCount == (index < 4 ? 1 : 2))
    }
    try take.finish(at: Tick(rawValue: 4_000_000))
    let track = try #require(MIDIFile(path: path).score.tracks.first)
    #expect(track.end == Tick(rawValue: 4_000_000))
    #expect(track.notes.map(\.onset.rawValue) == [0, 3_000_000])
    #expect(track.notes.map(\.end.rawValue) == [100, 3_000_127])
    #expect(track.notes.map(\.releaseVelocity.rawValue) == [33, 64])
    #expect(track.controls.map(\.tick.rawValue) == [100, 3_000_001, 3_000_255])
    #expect(
      track.controls.map(\.message) == [.controller(.sustain, 127), .pitchBend(-1), .program(Program(masking: 7))])
    #expect(track.systemExclusives.map(\.bytes) == [Array(repeating: 0x11, count: 300)])
  }

  @Test func holdsTextsAndCanBeRemoved() throws {
    let path = Self.path()
    var take = try TakeFile(path: path)
    try take.append(text: "a signal", at: Tick(rawValue: 7))
    try take.append(Self.messages[0].1, at: Tick(rawValue: 9))
    let partial = take.partialPath
    let track = try #require(MIDIFile(path: partial).score.tracks.first)
    #expect(track.texts.map(\.string) == ["a signal"] && track.texts.map(\.tick.rawValue) == [7])
    #expect(track.notes.map(\.onset.rawValue) == [9])
    try take.discard()
    #expect(access(partial, F_OK) != 0 && access(path, F_OK) != 0)
  }

  @Test func leavesOutWhatFilesCannotHold() throws {
    let path = Self.path()
    var take = try TakeFile(path: path)
    defer { unlink(path) }
    try take.append(.system(.clock), at: Tick(rawValue: 50))
    try take.append(.noteOn(Self.channel, Pitch(masking: 60), Velocity(masking: 90)), at: Tick(rawValue: 100))
    try take.append(.system(.songPosition(3)), at: Tick(rawValue: 150))
    try take.append(.noteOff(Self.channel, Pitch(masking: 60), Velocity(masking: 90)), at: Tick(rawValue: 200))
    try take.finish(at: Tick(rawValue: 200))
    let read = try MIDIFile(path: path)
    #expect(read.repairs == [])
    #expect(read.score.tracks.flatMap(\.notes).map { [$0.onset.rawValue, $0.end.rawValue] } == [[100, 200]])
  }

  @Test func doesNotOverwriteAnInterruptedTake() throws {
    let path = Self.path()
    _ = try TakeFile(path: path)
    defer { unlink(TakeFile.partialPath(of: path)) }
    #expect(throws: (any Error).self) { _ = try TakeFile(path: path) }
  }

  @Test(arguments: [
    ("take.mid", "take.partial.mid"), ("a.b/take", "a.b/take.partial"), (".hidden", ".hidden.partial"),
    ("/x/.y/z.t.mid", "/x/.y/z.t.partial.mid"),
  ])
  func partialTakesAreNamedAfterTheirDestination(path: String, partial: String) {
    #expect(TakeFile.partialPath(of: path) == partial)
  }

  @Test func writtenScoresKeepSystemExclusiveMessages() throws {
    var track = Track()
    track.systemExclusives = [SystemExclusive(tick: Tick(rawValue: 3), bytes: Array(0..<127) + Array(0..<127))]
    track.end = Tick(rawValue: 10)
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 96)), tracks: [track])
    let read = try MIDIFile(bytes: MIDIFile.bytes(of: score))
    #expect(read.score.tracks.first?.systemExclusives == track.systemExclusives)
  }
}
