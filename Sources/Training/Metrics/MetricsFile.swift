package import Files
internal import FoundationEssentials
internal import Glibc
internal import Text

/// The metrics of a run at one of its steps.
package protocol StepMetrics: Codable, Sendable {
  var step: Int { get }
}

/// The metrics file of a run (JSON Lines), appended to line by line.
package struct MetricsFile<Line: StepMetrics>: ~Copyable {
  package let path: String
  private let descriptor: Int32
  /// The lines of the file so far.
  package private(set) var lines: [Line]
  /// The error of a line that could not be written, for example on a full disk; training continues without it.
  package private(set) var failure: FileError?
  private var length: off_t

  /// Creates a file, or continues an existing one after a step; later and damaged lines are dropped.
  package init(path: String, keepingTo step: Int) throws(FileError) {
    let kept = step > 0 ? try Self.read(path).filter { $0.step <= step } : []
    let bytes = kept.flatMap(Self.encoded)
    try write(bytes, toFile: path)
    let descriptor = try FileSystem.open(path, O_WRONLY | O_APPEND)
    self.path = path
    self.descriptor = descriptor
    lines = kept
    length = off_t(bytes.count)
  }

  deinit { close(descriptor) }

  /// Appends a line.
  package mutating func append(_ line: Line) {
    lines.append(line)
    let bytes = Self.encoded(line)
    let code = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    if code == 0 {
      length += off_t(bytes.count)
    } else {
      failure = FileError(path: path, operation: .write, code: code)
      // Removes a partial line, to which the next one would be appended.
      _ = ftruncate(descriptor, length)
    }
  }

  /// The complete lines of a file; none if there is no file.
  package static func read(_ path: String) throws(FileError) -> [Line] {
    let bytes: [UInt8]
    do { bytes = try readBytes(ofFile: path) } catch  where error.isMissing { return [] }
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      try? decoder.decode(Line.self, from: FoundationEssentials.Data($0))
    }
  }

  private static func encoded(_ line: Line) -> [UInt8] {
    ((try? JSONText.bytes(of: line)) ?? []) + [UInt8(ascii: "\n")]
  }
}
