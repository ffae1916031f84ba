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
    var outcome = (count: 0, code: Int32(0))
    let before = bytes.count
    let grown = [UInt8](unsafeUninitializedCapacity: before + capacity) { buffer, initialized in
      bytes.withUnsafeBytes { old in
        if let source = old.baseAddress {
          buffer.baseAddress?.update(from: source.assumingMemoryBound(to: UInt8.self), count: before)
        }
      }
      let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[before...])
      outcome = readAll(into: rest, from: descriptor)
      initialized = before + outcome.count
    }
    guard outcome.code == 0 else { throw FileError(path: path, operation: .read, code: outcome.code) }
    bytes = grown
    if outcome.count < capacity { return bytes }
    capacity = max(65_536, bytes.count)
  }
}

/// Reads until the buffer is full or the file ends; `count` is the number of bytes read, and `code` the system's error
/// number, or 0.
package func readAll(
  into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
) -> (count: Int, code: Int32) {
  var count = 0
  while count < buffer.count {
    let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
    if read < 0, errno == EINTR { continue }
    guard read > 0 else { return (count, read < 0 ? errno : 0) }
    count += read
  }
  return (count, 0)
}
