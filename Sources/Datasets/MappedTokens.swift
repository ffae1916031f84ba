internal import Files
internal import Glibc

/// A shard of tokens, little-endian uint16, mapped into memory. Its ids were in range when it was mapped.
///
/// A file that another program shortens while it is mapped ends this one (SIGBUS), as with every mapping.
final class MappedTokens: @unchecked Sendable {  // The memory is only read, and lives as long as the object.
  let tokens: UnsafeBufferPointer<UInt16>

  /// Maps the shard at `path`, which must hold `count` tokens below `limit`.
  init(path: String, count: Int, limit: UInt16) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(FileError(path: path, operation: .open, code: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .file(FileError(path: path, operation: .read, code: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == 2 * count else {
      throw .malformed(path: path, reason: "the shard has \(status.st_size) bytes, not the \(2 * count) of the index")
    }
    guard count > 0 else {
      tokens = UnsafeBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, 2 * count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .file(FileError(path: path, operation: .read, code: errno))
    }
    tokens = UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt16.self), count: count)
    if tokens.reduce(0, max) >= limit, let index = tokens.firstIndex(where: { $0 >= limit }) {
      throw .malformed(path: path, reason: "token \(index) of the shard is \(tokens[index]), and there are \(limit)")
    }
  }

  deinit {
    if let start = tokens.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), 2 * tokens.count) }
  }
}
