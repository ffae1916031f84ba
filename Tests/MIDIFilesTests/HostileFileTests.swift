import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Files designed to exhaust memory or time. A test that hangs fails at its time limit.
@Suite(.serialized) struct HostileFileTests {
  private static let size = 8 << 20

  private static func filled(with events: [UInt8], before: [UInt8] = []) -> [UInt8] {
    header() + track(before, Array([[UInt8]](repeating: events, count: size / events.count).joined()))
  }

  private static func tracks(_ one: [UInt8]) -> [UInt8] {
    header(tracks: 0xFFFF) + Array([[UInt8]](repeating: one, count: size / one.count).joined())
  }

  static let files: [(name: String, bytes: [UInt8])] = [
    ("empty tracks", tracks(bareTrack())),
    ("empty tracks of format 2", Array(tracks(bareTrack()).enumerated().map { $0.offset == 9 ? 2 : $0.element })),
    ("tracks with a hanging note", tracks(bareTrack(on(0, 60)))),
    ("tracks that all extend to the end of the file", swallowingTracks()),
    (
      "tracks of impossible length, ended by an odd end-of-track",
      tracks(bareTrack([0, 0xFF, 0x2F, 1, 0], length: 1 << 31))
    ),
    ("names of track chunks and nothing else", tracks(Array("MTrk".utf8))),
    ("chunks of zero length", tracks(chunk("abcd", []))),
    ("texts", filled(with: meta(0, 1, [0x41]))),
    ("empty texts", filled(with: meta(0, 1, []))),
    (
      "all notes off while a note of another channel sounds",
      filled(with: [0, 123, 0], before: on(0, 60) + [0, 0xB1, 1, 0])
    ),
    ("all notes off and a note", filled(with: on(0, 60) + [0, 0xB0, 123, 0])),
    ("note-ons on one key", filled(with: [0, 60, 1], before: on(0, 60))),
    ("note-offs without notes", filled(with: [0, 60, 0], before: on(0, 60, velocity: 0))),
    ("giant times", filled(with: [0xFF, 0xFF, 0xFF, 0x7F, 60, 1], before: on(0, 60))),
    ("endless time", filled(with: [0xFF])),
    ("tempos", filled(with: tempo(1, 1))),
    ("tempo changes at one tick", filled(with: tempo(0, 1))),
    ("program changes", filled(with: [0, 1], before: [0, 0xC0, 0])),
    ("SysEx of zero length", filled(with: [0, 0xF0, 0])),
    ("SysEx of one byte", filled(with: [0, 0xF0, 2, 1, 0xF7])),
    ("packets of one SysEx", filled(with: [0, 0xF7, 1, 1], before: [0, 0xF0, 0])),
    ("texts of wrong length", filled(with: [0, 0xFF, 1, 0xFF, 0xFF, 0x7F])),
    ("data without status", filled(with: [0])),
    ("real-time bytes", filled(with: [0, 0xF8])),
    ("song positions", filled(with: [0, 0xF2, 0, 0])),
    ("meters", filled(with: meta(0, 0x58, [4, 2]))),
    ("zeros after a header", header() + [UInt8](repeating: 0, count: size)),
    ("headers", Array([[UInt8]](repeating: header(), count: size / 14).joined())),
  ]

  private static func swallowingTracks() -> [UInt8] {
    var bytes = header(tracks: 0xFFFF)
    for index in 0..<size / 12 { bytes += track(length: size / 12 * 12 - index * 12 - 8) }
    return bytes
  }

  /// A text event of six bytes takes 72 bytes in memory, twice that while an array grows.
  @Test(.timeLimit(.minutes(5))) func boundedMemory() async {
    await #expect(processExitsWith: .success) {
      let files = Self.files
      let before = try Memory.residentBytes()
      for (name, bytes) in files {
        try Memory.resetPeak()
        let file = try MIDIFile(bytes: bytes)
        let growth = try Memory.peakBytes() - before
        #expect(file.score.noteCount < bytes.count / 2)
        #expect(growth < 24 * bytes.count, "\(name): \(growth / bytes.count) bytes of memory for each byte")
      }
    }
  }
}
