internal import CSMF
internal import Files
internal import Glibc
public import MusicCore

extension MIDIFile {
  /// The bytes of a MIDI file that holds a score, written by libsmf, read back and compared.
  ///
  /// Timecode becomes quarter notes with the same ticks. libsmf's cost is quadratic in the events of a track:
  /// 70 ms at 20 000 events.
  ///
  /// - Parameter format: 0 puts all tracks into one; 1 keeps them apart. By default 0 for a single track.
  /// - Throws: `MIDIFileError.unwritable` where the score is longer than 2³¹ − 1 ticks, or libsmf fails.
  public static func bytes(of score: Score, format: Int? = nil) throws(MIDIFileError) -> [UInt8] {
    let format = format ?? (score.tracks.count > 1 ? 1 : 0)
    precondition(format == 0 || format == 1, "a score is written as format 0 or 1")
    // On such a message libsmf would end the program.
    guard score.tracks.allSatisfy({ $0.systemExclusives.allSatisfy { $0.bytes.allSatisfy { $0 < 0x80 } } }) else {
      throw .unwritable("a system exclusive message has a byte over 127")
    }
    let parts = parts(of: score, format: format)
    let bytes = try save(parts, format: format, ticksPerQuarter: TrackEvents.ticksPerQuarter(of: score.division))
    try verify(bytes, holds: score, format: format)
    return bytes
  }

  private static func parts(of score: Score, format: Int) -> [TrackEvents] {
    var first = TrackEvents()
    first.add(timelineOf: score)
    guard format == 1, score.tracks.count > 1 else {
      score.tracks.forEach { first.add($0) }
      return [first]
    }
    first.add(score.tracks[0])
    return [first]
      + score.tracks.dropFirst().map { track in
        var part = TrackEvents()
        part.add(track)
        return part
      }
  }

  // MARK: libsmf

  /// The longest time between two events that a file can state; longer ones need an event in between.
  private static let longestDelta: Int64 = 0x0FFF_FFFF

  private static func save(_ parts: [TrackEvents], format: Int, ticksPerQuarter: Int) throws(MIDIFileError) -> [UInt8] {
    guard parts.count <= 0xFFFF else { throw .unwritable("it has more than 65535 tracks") }
    guard parts.allSatisfy({ $0.end < Int64(Int32.max) }) else {
      throw .unwritable("it is longer than 2147483647 ticks")
    }
    Silence.glib()
    guard let file = smf_new() else { throw .unwritable("libsmf has no memory") }
    defer { smf_delete(file) }
    guard ticksPerQuarter < 0x8000, smf_set_ppqn(file, Int32(ticksPerQuarter)) == 0 else {
      throw .unwritable("it has \(ticksPerQuarter) ticks per quarter")
    }
    for part in parts {
      guard let track = smf_track_new() else { throw .unwritable("libsmf has no memory") }
      smf_add_track(file, track)
      var last: Int64 = 0
      for event in part.sorted {
        try add([0xFF, 0x01, 0], to: track, forGapsFrom: &last, to: event.tick)
        try add(event.bytes, to: track, at: event.tick)
        last = event.tick
      }
      try add([0xFF, 0x01, 0], to: track, forGapsFrom: &last, to: part.end)
      guard smf_track_add_eot_pulses(track, Int32(part.end)) == 0 else { throw .unwritable("libsmf refused its end") }
    }
    // libsmf raises the format with the second track and never lowers it.
    guard smf_set_format(file, Int32(format)) == 0 else { throw .unwritable("format \(format)") }
    return try saved(file)
  }

  private static func add(
    _ filler: [UInt8], to track: UnsafeMutablePointer<smf_track_t>, forGapsFrom last: inout Int64, to tick: Int64
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

  /// What libsmf writes: it knows only files with names, so it gets one in memory.
  private static func saved(_ file: UnsafeMutablePointer<smf_t>) throws(MIDIFileError) -> [UInt8] {
    let descriptor = aurl_memory_file()
    guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let path = "/proc/self/fd/\(descriptor)"
    guard smf_save(file, path) == 0 else { throw .unwritable("libsmf failed") }
    do throws(FileError) { return try readBytes(ofFile: path) } catch { throw .unreadable(error) }
  }

  // MARK: Verification

  private static func verify(_ bytes: [UInt8], holds score: Score, format: Int) throws(MIDIFileError) {
    let written = try MIDIFile(bytes: bytes)
    guard written.format == format else { throw .unwritable("libsmf wrote format \(written.format)") }
    if let part = WrittenMusic(score, format: format).difference(from: WrittenMusic(written.score, format: format)) {
      throw .unwritable("its \(part) do not come back from what libsmf wrote")
    }
  }
}
