internal import Archives

/// Decompresses gzip files such as `.mid.gz` (RFC 1952).
enum GzipReader {
  /// The largest decompressed size in bytes: a small file can claim to be of any size.
  static let limit = 64 << 20

  static func isGzip(_ bytes: FileBytes) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

  /// The decompressed content of a file, with all members concatenated.
  ///
  /// - Throws: `.notMIDI` if it is damaged or larger than `limit`.
  static func content(of bytes: FileBytes) throws(MIDIFileError) -> [UInt8] {
    do throws(ArchiveError) {
      return try Gzip.content(of: UnsafeBufferPointer(start: bytes.base, count: bytes.count), limit: limit)
    } catch {
      switch error {
      case .noMemory: throw .notMIDI("a gzip archive, and zlib has no memory")
      case .tooLarge: throw .notMIDI("a gzip archive of more than \(limit >> 20) MiB, the most that is unwrapped")
      case .truncated: throw .notMIDI("a gzip archive that is cut short")
      default: throw .notMIDI("a gzip archive that is damaged")
      }
    }
  }
}
