internal import CZlib

/// Decompresses a deflate stream (RFC 1951), raw or in the gzip format.
struct Inflater: ~Copyable {
  /// Allocated separately, because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: UnsafeBufferPointer<UInt8>

  enum Wrapping {
    case none, gzip
  }

  /// - Parameter input: must stay valid as long as this value is used.
  init(_ input: UnsafeBufferPointer<UInt8>, _ wrapping: Wrapping) throws(ArchiveError) {
    self.input = input
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // A window of 15 bits; plus 16 selects the gzip format, and a negative value raw deflate.
    guard aurl_inflate_init(stream, wrapping == .gzip ? 15 + 16 : -15) == Z_OK else {
      stream.deallocate()
      // `deinit` does not run if `init` throws.
      throw .noMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The bytes after the compressed data.
  var rest: UnsafeBufferPointer<UInt8> { input }

  /// Starts again with the following bytes, another member of a gzip file.
  mutating func reset() throws(ArchiveError) {
    guard inflateReset(stream) == Z_OK else { throw .damaged }
  }

  /// The content up to the end of the stream.
  mutating func content(limit: Int) throws(ArchiveError) -> [UInt8] {
    var content: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let (status, written) = next(into: &part)
      guard content.count + written <= limit else { throw .tooLarge(limit: limit) }
      content += part[..<written]
      switch status {
      case Z_OK, Z_BUF_ERROR:
        if written == 0 { throw .truncated }
      case Z_STREAM_END: return content
      default: throw .damaged
      }
    }
  }

  private mutating func next(into output: inout [UInt8]) -> (status: Int32, written: Int) {
    let size = output.count
    let available = min(input.count, Int(Int32.max))
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = UInt32(available)
    let status = output.withUnsafeMutableBufferPointer { [stream] output in
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(size)
      return inflate(stream, Z_NO_FLUSH)
    }
    input = UnsafeBufferPointer(rebasing: input[(available - Int(stream.pointee.avail_in))...])
    return (status, size - Int(stream.pointee.avail_out))
  }
}
