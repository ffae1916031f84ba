public import Files
internal import Glibc
public import MusicCore

/// A MIDI file that is valid after every message, for recording.
///
/// The take is written to a separate file next to its destination, `take.partial.mid` for `take.mid`, and renamed when
/// it is finished. If the program ends earlier, the partial file is a playable MIDI file.
public struct TakeFile: ~Copyable {
  /// 960 ticks per quarter note at 120 quarter notes per minute: 1920 ticks per second.
  public static let tempoMap = TempoMap(division: .metrical(ticksPerQuarter: 960))

  /// The path of the finished take.
  public let path: String
  /// The path of the take until it is finished.
  public let partialPath: String

  private let descriptor: Int32
  private var lastTick = Tick.zero
  /// The length in bytes of the track without its end-of-track event.
  private var length = 0

  private static let headerLength = 22
  private static let trackEnd: [UInt8] = [0x00, 0xFF, 0x2F, 0x00]

  /// Begins an empty take.
  ///
  /// - Throws: `FileError` if it cannot be created; with code EEXIST if there is an earlier, unfinished take.
  public init(path: String) throws(FileError) {
    let partialPath = Self.partialPath(of: path)
    descriptor = try Self.create(partialPath)
    self.path = path
    self.partialPath = partialPath
  }

  /// Creates the file with an empty track.
  private static func create(_ path: String) throws(FileError) -> Int32 {
    let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_EXCL)
    // Format 0, one track, 960 ticks per quarter note.
    let header: [UInt8] = Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1, 0x03, 0xC0]
    do throws(FileError) {
      try write(header + Array("MTrk".utf8) + [0, 0, 0, 4] + trackEnd, to: descriptor, at: 0, path: path)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The path of an unfinished take.
  public static func partialPath(of path: String) -> String {
    let stem = path.withoutExtension
    return stem + ".partial" + path.dropFirst(stem.count)
  }

  /// Appends a message at `tick`, or at the tick of the previous event if that is later. Messages that a file cannot
  /// contain (clock, active sensing and the like) are ignored.
  public mutating func append(_ message: MIDIMessage, at tick: Tick) throws(FileError) {
    var bytes: [UInt8] = []
    let delta = max(0, (tick - lastTick).rawValue)
    appendVariableLength(delta, to: &bytes)
    switch message {
    case .system: return
    case .systemExclusive(let data):
      bytes.append(0xF0)
      appendVariableLength(Int64(data.count + 1), to: &bytes)
      bytes += data
      bytes.append(0xF7)
    default: bytes += message.bytes
    }
    lastTick = lastTick + Tick(rawValue: delta)
    try extend(by: bytes, end: Self.trackEnd)
  }

  /// Appends a text event at `tick`, or at the tick of the previous event if that is later.
  public mutating func append(text: String, at tick: Tick) throws(FileError) {
    var bytes: [UInt8] = []
    let delta = max(0, (tick - lastTick).rawValue)
    appendVariableLength(delta, to: &bytes)
    let content = Array(text.utf8)
    bytes += [0xFF, 0x01]
    appendVariableLength(Int64(content.count), to: &bytes)
    lastTick = lastTick + Tick(rawValue: delta)
    try extend(by: bytes + content, end: Self.trackEnd)
  }

  /// Removes the take, if its content is kept elsewhere.
  public consuming func discard() throws(FileError) { try FileSystem.remove(partialPath) }

  /// Ends the take at `tick`, which may be later than its last message, and gives it its name.
  public consuming func finish(at tick: Tick) throws(FileError) {
    var end: [UInt8] = []
    appendVariableLength(max(0, (tick - lastTick).rawValue), to: &end)
    try extend(by: [], end: end + Self.trackEnd.dropFirst())
    guard fsync(descriptor) == 0 else { throw FileError(path: path, operation: .write, code: errno) }
    try FileSystem.rename(partialPath, to: path)
  }

  /// Overwrites the end of the track. The length is written first: readers handle a track that is shorter than its
  /// length better than one that ends within a message.
  private mutating func extend(by bytes: [UInt8], end: [UInt8]) throws(FileError) {
    let declared = UInt32(length + bytes.count + end.count)
    try write((0..<4).map { UInt8(truncatingIfNeeded: declared >> (24 - 8 * $0)) }, at: Self.headerLength - 4)
    try write(bytes + end, at: Self.headerLength + length)
    length += bytes.count
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try Self.write(bytes, to: descriptor, at: offset, path: partialPath)
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, at offset: Int, path: String
  ) throws(FileError) {
    let failure = bytes.withUnsafeBytes { writeAll($0, to: descriptor, at: offset) }
    guard failure == 0 else { throw FileError(path: path, operation: .write, code: failure) }
  }
}

/// Appends a variable-length quantity (Standard MIDI Files 1.0): seven bits per byte, the most significant first.
private func appendVariableLength(_ value: Int64, to bytes: inout [UInt8]) {
  // At most four bytes, which is enough for 38 hours between two events.
  let value = min(value, 0x0FFF_FFFF)
  for shift in stride(from: 21, through: 7, by: -7) where value >> Int64(shift) > 0 {
    bytes.append(UInt8(value >> Int64(shift) & 0x7F) | 0x80)
  }
  bytes.append(UInt8(value & 0x7F))
}
