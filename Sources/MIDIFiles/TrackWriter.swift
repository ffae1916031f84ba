internal import CSMF
internal import Files
internal import Glibc

/// Writes the events of a track with libsmf, in portions.
///
/// `smf_save` reads back and frees what it has written, and `smf_delete` removes events from the end of an array that
/// it searches from the front, so the time for a whole track would be quadratic in its events: 30 s for 100,000 notes.
/// Portions keep it linear, and only one is in memory at a time. The times of a portion count from the event before it,
/// so the concatenated bytes of the portions are those of the track.
enum TrackWriter {
  /// The number of events in a portion: enough to justify a file in memory, few enough to be freed quickly.
  static let portion = 1024

  /// The longest delta time of a file; longer ones need an event in between.
  private static let longestDelta: Int64 = 0x0FFF_FFFF
  /// An empty text.
  private static let filler: [UInt8] = [0xFF, 0x01, 0]
  /// The length of the MThd chunk and of the name and length of the MTrk chunk.
  private static let headerLength = 22
  /// An end-of-track event with a delta time of zero, which is kept only in the last portion.
  private static let endOfTrack: [UInt8] = [0, 0xFF, 0x2F, 0]

  /// The content of the track chunk.
  static func bytes(of part: TrackEvents, ticksPerQuarter: Int) throws(MIDIFileError) -> [UInt8] {
    Silence.glib()
    var bytes: [UInt8] = []
    var rest = part.sorted[...]
    var last: Int64 = 0
    repeat {
      let events = rest.prefix(portion)
      rest = rest.dropFirst(portion)
      let end = rest.isEmpty ? part.end : events.last?.tick ?? last
      bytes += try portion(events, from: last, to: end, isLast: rest.isEmpty, ticksPerQuarter: ticksPerQuarter)
      last = end
    } while !rest.isEmpty
    return bytes
  }

  private static func portion(
    _ events: ArraySlice<TrackEvents.Event>, from start: Int64, to end: Int64, isLast: Bool, ticksPerQuarter: Int
  ) throws(MIDIFileError) -> ArraySlice<UInt8> {
    guard let file = smf_new(), let track = smf_track_new() else { throw .unwritable("libsmf has no memory") }
    smf_add_track(file, track)
    defer { delete(file, track) }
    guard smf_set_ppqn(file, Int32(ticksPerQuarter)) == 0 else { throw .unwritable("libsmf refused its resolution") }
    var last: Int64 = 0
    for event in events {
      try fill(track, from: &last, to: event.tick - start)
      last = event.tick - start
      try add(event.bytes, to: track, at: last)
    }
    try fill(track, from: &last, to: end - start)
    guard smf_track_add_eot_pulses(track, Int32(end - start)) == 0 else { throw .unwritable("libsmf refused its end") }
    let saved = try saved(file)
    guard saved.count >= headerLength + endOfTrack.count, saved.suffix(endOfTrack.count - 1) == endOfTrack[1...] else {
      throw .unwritable("libsmf wrote no end of the track")
    }
    return saved[headerLength...].dropLast(isLast ? 0 : endOfTrack.count)
  }

  private static func fill(
    _ track: UnsafeMutablePointer<smf_track_t>, from last: inout Int64, to tick: Int64
  ) throws(MIDIFileError) {
    while tick - last > longestDelta {
      last += longestDelta
      try add(filler, to: track, at: last)
    }
  }

  private static func add(
    _ bytes: [UInt8], to track: UnsafeMutablePointer<smf_track_t>, at tick: Int64
  ) throws(MIDIFileError) {
    // libsmf frees the buffer with the event.
    guard let event = smf_event_new(), let buffer = malloc(bytes.count) else {
      throw .unwritable("libsmf has no memory")
    }
    buffer.copyMemory(from: bytes, byteCount: bytes.count)
    event.pointee.midi_buffer = buffer.assumingMemoryBound(to: UInt8.self)
    event.pointee.midi_buffer_length = Int32(bytes.count)
    smf_track_add_event_pulses(track, event, Int32(tick))
  }

  /// The bytes that libsmf writes. It writes only to paths, so it gets the path of a file in memory.
  private static func saved(_ file: UnsafeMutablePointer<smf_t>) throws(MIDIFileError) -> [UInt8] {
    let descriptor = aurl_memory_file()
    guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let path = "/proc/self/fd/\(descriptor)"
    guard smf_save(file, path) == 0 else { throw .unwritable("libsmf failed") }
    do throws(FileError) { return try readBytes(ofFile: path) } catch { throw .unreadable(error) }
  }

  /// Frees a file and its track. Events are detached first, so that libsmf does not search for them.
  private static func delete(_ file: UnsafeMutablePointer<smf_t>, _ track: UnsafeMutablePointer<smf_track_t>) {
    if let events = track.pointee.events_array {
      for index in 0..<Int(events.pointee.len) {
        guard let event = events.pointee.pdata[index]?.assumingMemoryBound(to: smf_event_t.self) else { continue }
        event.pointee.track = nil
        smf_event_delete(event)
      }
      g_ptr_array_set_size(events, 0)
      track.pointee.number_of_events = 0
    }
    smf_delete(file)
  }
}
