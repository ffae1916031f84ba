public import Files
internal import FoundationEssentials
internal import Glibc

/// The metrics of a run as JSON Lines, written a whole line at a time.
public struct MetricsFile: ~Copyable {
  public let path: String
  private let descriptor: Int32
  /// The lines of the file so far.
  public private(set) var lines: [MetricsLine]
  /// Whether a line could not be written, as on a full disk; training goes on without it.
  public private(set) var failure: FileError?
  private var length: off_t

  /// Begins a file, or goes on with the lines of one up to a step; what is after it, or damaged, is dropped.
  public init(path: String, keepingTo step: Int) throws(FileError) {
    let kept = step > 0 ? try Self.read(path).filter { $0.step <= step } : []
    let bytes = kept.flatMap(Self.encoded)
    try write(bytes, toFile: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .create, code: errno) }
    self.path = path
    self.descriptor = descriptor
    lines = kept
    length = off_t(bytes.count)
  }

  deinit { close(descriptor) }

  /// Adds a line.
  public mutating func append(_ line: MetricsLine) {
    lines.append(line)
    let bytes = Self.encoded(line)
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count == bytes.count {
      length += off_t(count)
    } else {
      failure = FileError(path: path, operation: .write, code: count < 0 ? errno : ENOSPC)
      // No half line, which the next one would be glued to.
      _ = ftruncate(descriptor, length)
    }
  }

  /// The lines of a file, without those that are not whole; none where there is no file.
  public static func read(_ path: String) throws(FileError) -> [MetricsLine] {
    let bytes: [UInt8]
    do { bytes = try readBytes(ofFile: path) } catch  where error.isMissing { return [] }
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      try? decoder.decode(MetricsLine.self, from: FoundationEssentials.Data($0))
    }
  }

  private static func encoded(_ line: MetricsLine) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(line)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
  }
}
