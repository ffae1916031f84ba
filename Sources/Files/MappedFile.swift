internal import Glibc

/// A memory-mapped file, read from disk when it is first accessed.
///
/// Replacing the file, as `AtomicFile` does, does not affect the mapping. If the file is shortened in place, accessing
/// the missing part raises SIGBUS, as with every mapping.
package final class MappedFile: @unchecked Sendable {
  // Sendable: the pages are read-only, and unmapped by `deinit` alone.
  package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps a regular file.
  ///
  /// - Throws: `FileError`; its code is `notRegular` for anything other than a regular file or folder.
  package init(path: String) throws(FileError) {
    // Opening a pipe without a writer must not block.
    let descriptor = try FileSystem.open(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    let status = try FileStatus(descriptor: descriptor, path: path)
    switch status.kind {
    case .file: break
    case .folder: throw FileError(path: path, operation: .read, code: EISDIR)
    default: throw FileError(path: path, operation: .read, code: Self.notRegular)
    }
    let count = status.size
    isMapped = count > 0
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw FileError(path: path, operation: .read, code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// A copy of bytes in memory, aligned as a mapping is.
  package init(copying source: some Collection<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  /// The system's error number "No such device", which mapping a pipe or terminal returns.
  package static let notRegular = ENODEV

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }
}
