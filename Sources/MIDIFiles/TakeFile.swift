public import Files
internal import Glibc
public import MusicCore

/// A MIDI file that is valid after every message, for recording.
///
/// The take is written to a separate file beside its destination, `take.partial.mid` for `take.mid`, and renamed when
/// it is finished. If the program ends before, the partial file is a playable MIDI file.
public struct TakeFile: ~Copyable {
  /// 960 ticks a quarter note at 120 quarters a minute: 1920 ticks a second.
  public static let tempoMap = TempoMap(division: .metrical(ticksPerQuarter: 960))

  public let path: String
  /// Where the take is until it is finished.
  public let partialPath: String

  private let descriptor: Int32
  private var lastTick = Tick.zero
  /// Bytes of the track without its end.
  private var length = 0

  private static let headerLength = 22
  private static let trackEnd: [UInt8] = [0x00, 0xFF, 0x2F, 0x00]

  /// Begins an empty take.
  ///
  /// - Throws: `FileError` where it cannot be created; with code EEXIST where an earlier take was never finished.
  public init(path: String) throws(FileError) {
    let partialPath = Self.partialPath(of: path)
    descriptor = try Self.create(partialPath)
    self.path = path
    self.partialPath = partialPath
  }

  /// Makes the file with an empty track.
  private static func create(_ path: String) throws(FileError) -> Int32 {
    let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_EXCL)
    // Format 0, one track, 960 ticks a quarter.
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

  /// The name of a take that is not finished.
  public static func partialPath(of path: String) -> String {
    let stem = path.withoutExtension
    return stem + ".partial" + path.dropFirst(stem.count)
  }

  /// Adds a message at `tick`, or at the tick of the message before where that is later. Messages that have no
  /// place in a file (clock, active sensing and the like) are left out.
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

  /// Adds a text event at `tick`, or at the tick of what came before where that is later.
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

  /// Writes over the end of the track. The length goes first: readers find too long a track easier to bear than
  /// one that ends amid a message.
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
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, off_t(offset + written))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, operation: .write, code: errno)
      }
      written += count
    }
  }
}

/// Appends a number as Standard MIDI Files 1.0 writes them: seven bits a byte, the highest first.
private func appendVariableLength(_ value: Int64, to bytes: inout [UInt8]) {
  // Four bytes at most; no take is so long that a delta over 38 hours matters.
  let value = min(value, 0x0FFF_FFFF)
  for shift in stride(from: 21, through: 7, by: -7) where value >> Int64(shift) > 0 {
    bytes.append(UInt8(value >> Int64(shift) & 0x7F) | 0x80)
  }
  bytes.append(UInt8(value & 0x7F))
}
