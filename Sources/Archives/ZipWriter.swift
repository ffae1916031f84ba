internal import CZlib

/// Creates a ZIP archive (APPNOTE 6.3.10) of files in memory. It stores no timestamps, so the same files give the same
/// bytes.
///
///     var archive = ZipWriter()
///     try archive.add("score.xml", document)
///     let bytes = archive.finish()
package struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0
  /// 1980-01-01, the earliest date of the format.
  private static let date = 0x21
  private static let largest = Int(UInt32.max)

  package init() {}

  /// Adds a file. O(content).
  ///
  /// - Parameters:
  ///   - name: its path in the archive, which must be unique.
  ///   - isCompressed: whether to compress it with deflate.
  /// - Throws: `ArchiveError.tooLarge` if the archive would reach 4 GiB, `noMemory` if zlib is out of memory.
  package mutating func add(
    _ name: String, _ content: [UInt8], isCompressed: Bool = true
  ) throws(ArchiveError) {
    let data = isCompressed ? try Self.deflated(content) : content
    guard count < Int(UInt16.max), content.count < Self.largest,
      bytes.count + data.count + directory.count + 200 + 2 * name.utf8.count < Self.largest
    else { throw .tooLarge(limit: Self.largest) }
    let checksum = Int(content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
    // Version 2.0 to read it; names are in UTF-8 (bit 11).
    let entry =
      Self.number(20, 2) + Self.number(1 << 11, 2) + Self.number(isCompressed ? 8 : 0, 2) + Self.number(0, 2)
      + Self.number(Self.date, 2) + Self.number(checksum, 4) + Self.number(data.count, 4)
      + Self.number(content.count, 4) + Self.number(name.utf8.count, 2) + Self.number(0, 2)
    directory += Self.number(0x0201_4B50, 4) + Self.number(20, 2) + entry
    // No comment, the first volume, no attributes.
    directory += Self.number(0, 10) + Self.number(bytes.count, 4) + Array(name.utf8)
    bytes += Self.number(0x0403_4B50, 4) + entry + Array(name.utf8) + data
    count += 1
  }

  /// The bytes of the finished archive.
  package func finish() -> [UInt8] {
    let counts = Self.number(count, 2) + Self.number(count, 2)
    return bytes + directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4) + counts
      + Self.number(directory.count, 4) + Self.number(bytes.count, 4) + Self.number(0, 2)
  }

  private static func deflated(_ content: [UInt8]) throws(ArchiveError) -> [UInt8] {
    var length = compressBound(UInt(content.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    guard compress2(&packed, &length, content, UInt(content.count), 9) == Z_OK else { throw .noMemory }
    // Without zlib's header of two bytes and its checksum of four.
    return Array(packed[2..<Int(length) - 4])
  }

  /// A little-endian integer of `count` bytes.
  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
