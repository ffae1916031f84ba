internal import Files
internal import Glibc

/// The bytes of a file, mapped into memory and read from disk when they are first looked at.
///
/// A file that is replaced, as `AtomicFile` does, leaves the mapping as it was. One that is shortened in place while
/// it is mapped is a fault (SIGBUS) where its missing part is touched, as with every mapping.
final class FileMapping: @unchecked Sendable {
  // Sendable: the pages are read-only, and unmapped by `deinit` alone.
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// - Throws: `FileError` where the file cannot be opened; `Flaw` is for the content, and so for an empty file.
  init(path: String) throws(ModelFormatError) {
    // A pipe without a writer must not hang the program.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .file(FileError(path: path, operation: .open, code: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .file(FileError(path: path, operation: .read, code: errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .file(FileError(path: path, operation: .read, code: EISDIR))
    default: throw .content(path: path, reason: "is not a regular file; a model is read from one")
    }
    guard status.st_size > 0 else { throw .content(path: path, reason: "the file is empty") }
    guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .file(FileError(path: path, operation: .read, code: errno))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
    isMapped = true
  }

  /// A copy of bytes in memory, aligned as a mapping is.
  init(copying source: some Collection<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }
}
