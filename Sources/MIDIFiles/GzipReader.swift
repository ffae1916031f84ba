internal import CZlib

/// Unwraps files that gzip compressed, as `.mid.gz` are (RFC 1952).
enum GzipReader {
  /// The most that is unwrapped: a small file can claim to be of any size.
  static let limit = 64 << 20

  static func isGzip(_ bytes: FileBytes) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

  /// The content of a file, all of its members joined.
  ///
  /// - Throws: `.notMIDI` where it is damaged or holds more than `limit`.
  static func content(of bytes: FileBytes) throws(MIDIFileError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for the format of gzip.
    guard aurl_inflate_init(&stream, 15 + 16) == Z_OK else { throw .notMIDI("a gzip archive, and zlib has no memory") }
    defer { inflateEnd(&stream) }
    var content: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    var rest = UnsafeBufferPointer(start: bytes.base, count: bytes.count)
    while true {
      let (status, written) = inflateNext(&stream, &rest, into: &part)
      guard content.count + written <= limit else {
        throw .notMIDI("a gzip archive of more than \(limit >> 20) MiB, the most that is unwrapped")
      }
      content += part[..<written]
      switch status {
      case Z_OK, Z_BUF_ERROR:
        if written == 0 { throw .notMIDI("a gzip archive that is cut short") }
      case Z_STREAM_END:
        // Another member may follow; anything else after the end is padding.
        guard rest.count >= 2, rest[0] == 0x1F, rest[1] == 0x8B, inflateReset(&stream) == Z_OK else { return content }
      default: throw .notMIDI("a gzip archive that is damaged")
      }
    }
  }

  private static func inflateNext(
    _ stream: inout z_stream, _ input: inout UnsafeBufferPointer<UInt8>, into output: inout [UInt8]
  ) -> (status: Int32, written: Int) {
    let size = output.count
    return output.withUnsafeMutableBufferPointer { output in
      let available = min(input.count, Int(Int32.max))
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(available)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(size)
      let status = inflate(&stream, Z_NO_FLUSH)
      input = UnsafeBufferPointer(rebasing: input[(available - Int(stream.avail_in))...])
      return (status, size - Int(stream.avail_out))
    }
  }
}
