internal import Files
internal import Glibc

/// A file that grows at its end.
final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens or makes a file.
  init(path: String) throws(DatasetError) {
    self.path = path
    do throws(FileError) { descriptor = try FileSystem.open(path, O_WRONLY | O_CREAT | O_APPEND) } catch {
      throw .file(error)
    }
  }

  deinit { close(descriptor) }

  /// Appends the bytes of an array's elements.
  func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(DatasetError) {
    let code = elements.withUnsafeBytes { writeAll($0, to: descriptor) }
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
    guard let descriptor = try? FileSystem.open(path, O_RDONLY) else { return nil }
    defer { close(descriptor) }
    // A size that a damaged journal invents must not be allocated.
    guard let status = try? FileStatus(descriptor: descriptor, path: path), count >= 0, offset >= 0,
      2 * (offset + count) <= status.size
    else { return nil }
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
