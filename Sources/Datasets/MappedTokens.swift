internal import Files

/// A shard of tokens, little-endian uint16, mapped into memory. Its ids were in range when it was mapped.
final class MappedTokens: @unchecked Sendable {  // The memory is only read, and lives as long as the object.
  let tokens: UnsafeBufferPointer<UInt16>
  private let file: MappedFile

  /// Maps the shard at `path`, which must hold `count` tokens below `limit`.
  init(path: String, count: Int, limit: UInt16) throws(DatasetError) {
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    guard file.bytes.count == 2 * count else {
      throw .malformed(path: path, reason: "the shard has \(file.bytes.count) bytes, not the \(2 * count) of the index")
    }
    tokens = file.bytes.bindMemory(to: UInt16.self)
    if tokens.reduce(0, max) >= limit, let index = tokens.firstIndex(where: { $0 >= limit }) {
      throw .malformed(path: path, reason: "token \(index) of the shard is \(tokens[index]), and there are \(limit)")
    }
  }
}
