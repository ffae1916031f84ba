/// Decompresses gzip files (RFC 1952).
package enum Gzip {
  /// The content of a file, with all members concatenated. O(content).
  ///
  /// - Parameters:
  ///   - bytes: the whole file; any data after the last member is ignored as padding.
  ///   - limit: the largest decompressed size in bytes: a small file can claim to be of any size.
  package static func content(
    of bytes: UnsafeBufferPointer<UInt8>, limit: Int
  ) throws(ArchiveError) -> [UInt8] {
    var inflater = try Inflater(bytes, .gzip)
    var content = try inflater.content(limit: limit)
    while inflater.rest.count >= 2, inflater.rest[0] == 0x1F, inflater.rest[1] == 0x8B {
      try inflater.reset()
      do throws(ArchiveError) { content += try inflater.content(limit: limit - content.count) } catch {
        if case .tooLarge = error { throw .tooLarge(limit: limit) }
        throw error
      }
    }
    return content
  }
}
