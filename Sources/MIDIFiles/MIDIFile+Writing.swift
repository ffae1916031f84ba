public import MusicCore

extension MIDIFile {
  /// The bytes of a MIDI file of a score. The file is written with libsmf, then read back and compared.
  ///
  /// Timecode becomes quarter notes with the same ticks. The time is linear in the number of events: about 2 µs each.
  ///
  /// - Parameter format: 0 merges all tracks into one; 1 keeps them separate. By default 0 for a single track.
  /// - Throws: `MIDIFileError.unwritable` if the score is longer than 2³¹ − 1 ticks, or libsmf fails.
  public static func bytes(of score: Score, format: Int? = nil) throws(MIDIFileError) -> [UInt8] {
    let format = format ?? (score.tracks.count > 1 ? 1 : 0)
    precondition(format == 0 || format == 1, "the format must be 0 or 1")
    // Such a message would make libsmf abort the program.
    guard score.tracks.allSatisfy({ $0.systemExclusives.allSatisfy { $0.bytes.allSatisfy { $0 < 0x80 } } }) else {
      throw .unwritable("a system exclusive message has a byte over 127")
    }
    guard score.tracks.allSatisfy({ $0.notes.allSatisfy { $0.end >= $0.onset } }) else {
      throw .unwritable("a note ends before it starts")
    }
    let parts = parts(of: score, format: format)
    let bytes = try save(parts, format: format, ticksPerQuarter: TrackEvents.ticksPerQuarter(of: score.division))
    try verify(bytes, holds: score, format: format)
    return bytes
  }

  private static func parts(of score: Score, format: Int) -> [TrackEvents] {
    let isOne = format == 0 || score.tracks.count < 2
    var parts = Array(repeating: TrackEvents(), count: isOne ? 1 : score.tracks.count)
    parts[0].add(timelineOf: score)
    for (index, track) in score.tracks.enumerated() { parts[isOne ? 0 : index].add(track) }
    for event in score.events where event.use != .instrumentsOnly { parts[isOne ? 0 : event.track].add(event) }
    return parts
  }

  private static func save(_ parts: [TrackEvents], format: Int, ticksPerQuarter: Int) throws(MIDIFileError) -> [UInt8] {
    guard parts.count <= 0xFFFF else { throw .unwritable("it has more than 65535 tracks") }
    guard parts.allSatisfy({ $0.end < Int64(Int32.max) }) else {
      throw .unwritable("it is longer than 2147483647 ticks")
    }
    guard (1..<0x8000).contains(ticksPerQuarter) else {
      throw .unwritable("it has \(ticksPerQuarter) ticks per quarter")
    }
    var bytes = Array("MThd".utf8) + bigEndian(6, bytes: 4)
    for value in [format, parts.count, ticksPerQuarter] { bytes += bigEndian(value, bytes: 2) }
    for part in parts {
      let events = try TrackWriter.bytes(of: part, ticksPerQuarter: ticksPerQuarter)
      guard events.count <= Int(UInt32.max) else { throw .unwritable("a track has more than 4 GiB") }
      bytes += Array("MTrk".utf8) + bigEndian(events.count, bytes: 4) + events
    }
    return bytes
  }

  private static func bigEndian(_ value: Int, bytes count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  // MARK: Verification

  private static func verify(_ bytes: [UInt8], holds score: Score, format: Int) throws(MIDIFileError) {
    let written = try MIDIFile(bytes: bytes)
    guard written.format == format else { throw .unwritable("libsmf wrote format \(written.format)") }
    if let part = WrittenMusic(score, format: format).difference(from: WrittenMusic(written.score, format: format)) {
      throw .unwritable("libsmf did not write its \(part) correctly")
    }
  }
}
