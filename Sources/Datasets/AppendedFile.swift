internal import Files
internal import Glibc

/// A file that is only appended to.
final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file, or creates it where it is missing.
  init(path: String) throws(DatasetError) {
    self.path = path
    do throws(FileError) { descriptor = try FileSystem.open(path, O_WRONLY | O_CREAT | O_APPEND) } catch {
      throw .file(error)
    }
  }

  deinit { close(descriptor) }

  /// Appends the memory of an array's elements.
  func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(DatasetError) {
    let code = elements.withUnsafeBytes { writeAll($0, to: descriptor) }
    guard code == 0 else { throw .file(FileError(path: path, operation: .write, code: code)) }
  }

  /// Truncates the file to `byteCount` bytes.
  func truncate(to byteCount: Int) throws(DatasetError) {
    guard ftruncate(descriptor, byteCount) == 0 else { throw failure }
  }

  /// Flushes the file to the disk (fsync).
  func synchronize() throws(DatasetError) {
    guard fsync(descriptor) == 0 else { throw failure }
  }

  private var failure: DatasetError { .file(FileError(path: path, operation: .write, code: errno)) }

  /// Reads `count` tokens of a shard from token `offset` on, or returns nil where the shard is shorter.
  static func read(_ path: String, tokens count: Int, at offset: Int) -> [UInt16]? {
    guard let descriptor = try? FileSystem.open(path, O_RDONLY) else { return nil }
    defer { close(descriptor) }
    // The size may come from a damaged journal: checked before memory of this size is allocated.
    guard let status = try? FileStatus(descriptor: descriptor, path: path), count >= 0, offset >= 0,
      2 * (offset + count) <= status.size
    else { return nil }
    lseek(descriptor, 2 * offset, SEEK_SET)
    let tokens = [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = readAll(into: UnsafeMutableRawBufferPointer(buffer), from: descriptor).count / 2
    }
    return tokens.count == count ? tokens : nil
  }
}
