internal import Glibc

/// Reads a whole file. A path of `-` has no special meaning here.
///
/// - Throws: `FileError` if the file is missing, a folder, or unreadable.
public func readBytes(ofFile path: String) throws(FileError) -> [UInt8] {
  let descriptor = try FileSystem.open(path, O_RDONLY)
  defer { close(descriptor) }
  return try readBytes(ofDescriptor: descriptor, path: path)
}

/// Reads standard input to its end.
public func readStandardInput() throws(FileError) -> [UInt8] {
  try readBytes(ofDescriptor: STDIN_FILENO, path: "standard input")
}

private func readBytes(ofDescriptor descriptor: Int32, path: String) throws(FileError) -> [UInt8] {
  let status = try FileStatus(descriptor: descriptor, path: path)
  guard status.kind != .folder else { throw FileError(path: path, operation: .read, code: EISDIR) }
  // One byte more than the size, so that the end of a regular file is detected without growing the buffer.
  var capacity = status.kind == .file ? status.size + 1 : 65_536
  var bytes: [UInt8] = []
  while true {
    var count = 0
    var failure: Int32 = 0
    let before = bytes.count
    let grown = [UInt8](unsafeUninitializedCapacity: before + capacity) { buffer, initialized in
      bytes.withUnsafeBytes { old in
        if let source = old.baseAddress {
          buffer.baseAddress?.update(from: source.assumingMemoryBound(to: UInt8.self), count: before)
        }
      }
      repeat {
        count = read(descriptor, buffer.baseAddress.map { $0 + before }, capacity)
        failure = errno
      } while count < 0 && failure == EINTR
      initialized = before + max(0, count)
    }
    guard count >= 0 else { throw FileError(path: path, operation: .read, code: failure) }
    bytes = grown
    if count == 0 { return bytes }
    if count < capacity, status.kind == .file, bytes.count == status.size { return bytes }
    capacity = max(65_536, bytes.count)
  }
}
