internal import Files
internal import Glibc

/// A file that grows at its end.
final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens or makes a file.
  init(path: String) throws(DatasetError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .file(FileError(path: path, operation: .create, code: errno)) }
  }

  deinit { close(descriptor) }

  /// Appends the bytes of an array's elements.
  func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(DatasetError) {
    let code: Int32 = elements.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return errno }
        rest = rest.dropFirst(count)
      }
      return 0
    }
    guard code == 0 else { throw .file(FileError(path: path, operation: .write, code: code)) }
  }

  /// Cuts off what is behind `byteCount`.
  func truncate(to byteCount: Int) throws(DatasetError) {
    guard ftruncate(descriptor, byteCount) == 0 else { throw failure }
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(DatasetError) {
    guard fsync(descriptor) == 0 else { throw failure }
  }

  private var failure: DatasetError { .file(FileError(path: path, operation: .write, code: errno)) }

  /// Some tokens of a shard, or nil where it does not have them.
  static func read(_ path: String, tokens count: Int, at offset: Int) -> [UInt16]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // A size that a damaged journal invents must not be allocated.
    var status = stat()
    guard fstat(descriptor, &status) == 0, count >= 0, offset >= 0, 2 * (offset + count) <= Int(status.st_size) else {
      return nil
    }
    var isWhole = true
    let tokens = [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var done = 0
      while done < bytes.count {
        let got = pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, 2 * offset + done)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { break }
        done += got
      }
      isWhole = done == bytes.count
      initialized = done / 2
    }
    return isWhole ? tokens : nil
  }
}
