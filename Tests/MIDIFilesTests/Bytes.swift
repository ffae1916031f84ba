import MIDIFiles
import MusicCore

// MIDI files built byte by byte. Each event begins with its delta time in ticks.

func header(format: Int = 0, tracks: Int = 1, division: Int = 480) -> [UInt8] {
  chunk("MThd", big(format, 2) + big(tracks, 2) + big(division, 2))
}

/// A chunk with its true length, or a given one.
func chunk(_ name: String, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
  Array(name.utf8) + big(length ?? body.count, 4) + body
}

/// A track chunk with an end-of-track.
func track(_ events: [UInt8]..., length: Int? = nil) -> [UInt8] {
  chunk("MTrk", events.flatMap { $0 } + end, length: length)
}

/// A track chunk of these bytes, without an end-of-track.
func bareTrack(_ events: [UInt8]..., length: Int? = nil) -> [UInt8] {
  chunk("MTrk", events.flatMap { $0 }, length: length)
}

let end: [UInt8] = [0x00, 0xFF, 0x2F, 0x00]

func on(_ delta: Int, _ pitch: UInt8, velocity: UInt8 = 100, channel: UInt8 = 0) -> [UInt8] {
  variableLength(delta) + [0x90 | channel, pitch, velocity]
}

func off(_ delta: Int, _ pitch: UInt8, channel: UInt8 = 0) -> [UInt8] {
  variableLength(delta) + [0x80 | channel, pitch, 64]
}

func meta(_ delta: Int, _ type: UInt8, _ data: [UInt8]) -> [UInt8] {
  variableLength(delta) + [0xFF, type] + variableLength(data.count) + data
}

func tempo(_ delta: Int, _ microseconds: Int) -> [UInt8] { meta(delta, 0x51, big(microseconds, 3)) }

/// A big-endian number of `count` bytes.
func big(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// A little-endian number of four bytes.
func little(_ value: Int) -> [UInt8] { big(value, 4).reversed() }

func variableLength(_ value: Int) -> [UInt8] {
  var bytes = [UInt8(value & 0x7F)]
  var rest = value >> 7
  while rest > 0 {
    bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
    rest >>= 7
  }
  return bytes
}

func note(
  _ pitch: UInt8, _ ticks: ClosedRange<Int64>, velocity: UInt8 = 100, channel: UInt8 = 0, release: UInt8 = 64
) -> Note {
  Note(
    onset: Tick(rawValue: ticks.lowerBound), end: Tick(rawValue: ticks.upperBound), pitch: Pitch(masking: pitch),
    velocity: Velocity(masking: velocity), channel: Channel(status: channel),
    releaseVelocity: Velocity(masking: release))
}

extension MIDIFile {
  /// The notes of all tracks, in the order of the tracks, with turns of 0.
  var notes: [Note] {
    score.tracks.flatMap(\.notes).map { note in
      var note = note
      (note.onsetTurn, note.endTurn) = (0, 0)
      return note
    }
  }

  /// Whether the reader repaired a violation of the specification.
  var isDamaged: Bool { repairs.contains { $0.kind.isDamage } }
}
