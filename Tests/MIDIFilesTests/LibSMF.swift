import CSMF
import Glibc
import MusicCore

/// The notes of each track of a valid file as read by libsmf: an independent check of the reader.
///
/// libsmf does not support ports, so that all notes are on the first one. It aborts the program if a file is invalid.
func notesReadByLibSMF(_ bytes: [UInt8]) -> [[Note]]? {
  guard let file = bytes.withUnsafeBytes({ smf_load_from_memory($0.baseAddress, Int32($0.count)) }) else { return nil }
  defer { smf_delete(file) }
  var tracks = [LibSMFNotes](repeating: LibSMFNotes(), count: Int(file.pointee.number_of_tracks))
  while let event = smf_get_next_event(file) {
    let count = Int(event.pointee.midi_buffer_length)
    guard count == 3, let buffer = event.pointee.midi_buffer else { continue }
    tracks[Int(event.pointee.track_number) - 1].add(
      Array(UnsafeBufferPointer(start: buffer, count: count)), at: Int64(event.pointee.time_pulses))
  }
  return tracks.map(\.notes)
}

/// Pairs note-ons with note-offs of a track, first in, first out.
private struct LibSMFNotes {
  private(set) var notes: [Note] = []
  private var sounding: [[Int]: [Int]] = [:]

  mutating func add(_ message: [UInt8], at time: Int64) {
    let key = [Int(message[0] & 0x0F), Int(message[1])]
    switch message[0] & 0xF0 {
    case 0x90 where message[2] > 0:
      sounding[key, default: []].append(notes.count)
      notes.append(note(message[1], time...time, velocity: message[2], channel: message[0] & 0x0F))
    case 0x80, 0x90:
      guard let first = sounding[key]?.first else { return }
      sounding[key]?.removeFirst()
      notes[first].end = Tick(rawValue: time)
      if message[0] < 0x90 { notes[first].releaseVelocity = Velocity(masking: message[2]) }
    default: return
    }
  }
}
