/// A ZIP archive (APPNOTE 6.3.10) of files that are stored or deflated; ZIP64, encryption and several volumes are not
/// read.
///
///     let archive = try ZipArchive(bytes)
///     let score = try archive.content(of: "score.xml", limit: 64 << 20)
package struct ZipArchive: Sendable {
  private struct Entry {
    var name: String
    var flags: Int
    var method: Int
    var compressedSize: Int
    var size: Int
    var header: Int
  }

  private let bytes: [UInt8]
  private let entries: [Entry]

  /// The names of the files, in the order of the archive.
  package var names: [String] { entries.map(\.name) }

  /// Whether a file begins like a nonempty ZIP archive.
  package static func isArchive(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

  /// Reads the directory of an archive. O(bytes).
  package init(_ bytes: [UInt8]) throws(ArchiveError) {
    self.bytes = bytes
    // The end record of the directory has 22 bytes and a comment of at most 65,535.
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (first...bytes.count - 22).last(where: { Self.number(bytes, $0, 4) == 0x0605_4B50 })
    else { throw .truncated }
    let count = Self.number(bytes, end + 10, 2)
    var place = Self.number(bytes, end + 16, 4)
    var entries: [Entry] = []
    for _ in 0..<count {
      guard place <= bytes.count - 46, Self.number(bytes, place, 4) == 0x0201_4B50 else { throw .damaged }
      let lengths = [28, 30, 32].map { Self.number(bytes, place + $0, 2) }
      guard place + 46 + lengths[0] <= bytes.count else { throw .damaged }
      entries.append(
        Entry(
          name: String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self),
          flags: Self.number(bytes, place + 8, 2), method: Self.number(bytes, place + 10, 2),
          compressedSize: Self.number(bytes, place + 20, 4), size: Self.number(bytes, place + 24, 4),
          header: Self.number(bytes, place + 42, 4)))
      place += 46 + lengths.reduce(0, +)
    }
    self.entries = entries
  }

  /// The content of a file.
  ///
  /// - Parameter limit: the largest decompressed size in bytes, regardless of the size that the archive states.
  package func content(of name: String, limit: Int) throws(ArchiveError) -> [UInt8] {
    guard let entry = entries.first(where: { $0.name == name }) else { throw .noFile(name) }
    guard entry.flags & 1 == 0 else { throw .unsupported("encryption") }
    guard entry.header <= bytes.count - 30, Self.number(bytes, entry.header, 4) == 0x0403_4B50 else { throw .damaged }
    let start =
      entry.header + 30 + Self.number(bytes, entry.header + 26, 2) + Self.number(bytes, entry.header + 28, 2)
    guard start <= bytes.count, entry.compressedSize <= bytes.count - start else { throw .truncated }
    let data = bytes[start..<start + entry.compressedSize]
    switch entry.method {
    case 0:
      guard data.count <= limit else { throw .tooLarge(limit: limit) }
      return Array(data)
    case 8:
      let result = data.withUnsafeBufferPointer { data in
        Result<[UInt8], ArchiveError> { () throws(ArchiveError) in
          var inflater = try Inflater(data, .none)
          return try inflater.content(limit: limit)
        }
      }
      return try result.get()
    default: throw .unsupported("compression method \(entry.method)")
    }
  }

  /// A little-endian integer of `count` bytes, all of which must exist.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
