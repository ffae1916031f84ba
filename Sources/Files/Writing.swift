internal import Glibc

/// Writes a whole file atomically.
public func write(_ bytes: some Sequence<UInt8>, toFile path: String) throws(FileError) {
  let file = try AtomicFile(path: path)
  try file.write(bytes)
  try file.commit()
}

/// Writes to standard output, unbuffered.
public func writeToStandardOutput(_ bytes: [UInt8]) throws(FileError) {
  let failure = bytes.withUnsafeBytes { writeAll($0, to: STDOUT_FILENO) }
  if failure != 0 { throw FileError(path: "standard output", operation: .write, code: failure) }
}

/// Writes text to standard error; a failure is ignored, since it could not be reported.
public func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { _ = writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
}

/// Writes all bytes and returns 0, or the system's error number.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  writeAll(bytes) { rest, _ in Glibc.write(descriptor, rest.baseAddress, rest.count) }
}

/// Writes all bytes at an offset of a file and returns 0, or the system's error number.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int) -> Int32 {
  writeAll(bytes) { rest, written in pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written)) }
}

/// Calls `write` with the bytes that are left and the number of those written, until all are.
private func writeAll(_ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer, Int) -> Int) -> Int32 {
  var written = 0
  while written < bytes.count {
    let count = write(UnsafeRawBufferPointer(rebasing: bytes[written...]), written)
    if count >= 0 {
      written += count
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}
