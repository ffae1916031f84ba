internal import CSndFile
internal import Files
internal import Glibc

/// The destination of libsndfile's output: a file that is written atomically, or a stream.
///
/// libsndfile writes through callbacks, because on its own it loses the reason for a failed write in some formats, and
/// in others the failure itself.
final class ByteSink {
  let path: String
  let descriptor: Int32
  /// The system's error number of the first failed write; 0 for none.
  private(set) var failure: Int32 = 0
  private var file: AtomicFile?

  init(path: String) throws(AudioError) {
    do {
      let file = try AtomicFile(path: path)
      descriptor = file.descriptor
      self.file = consume file
      self.path = path
    } catch { throw .file(error) }
  }

  /// A sink that does not own its descriptor.
  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    path = name
  }

  /// Whether the output is seekable; false for a pipe or a device.
  var isSeekable: Bool {
    var status = stat()
    return file != nil && fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  func write(_ bytes: [UInt8]) throws(AudioError) {
    bytes.withUnsafeBytes { write($0) }
    try check()
  }

  private func write(_ bytes: UnsafeRawBufferPointer) {
    if failure == 0 { failure = writeAll(bytes, to: descriptor) }
  }

  /// - Throws: the error of the first failed write, if there was one.
  func check() throws(AudioError) {
    guard failure == 0 else { throw .file(FileError(path: path, operation: .write, code: failure)) }
  }

  /// Gives the finished file its name.
  func commit() throws(AudioError) {
    do throws(FileError) { try file.take()?.commit() } catch { throw .file(error) }
  }

  /// The functions that libsndfile calls; their user data is an unretained `ByteSink`.
  static var callbacks: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { user in
        var status = stat()
        return fstat(ByteSink.of(user).descriptor, &status) == 0 ? sf_count_t(status.st_size) : 0
      },
      seek: { offset, whence, user in
        sf_count_t(lseek(ByteSink.of(user).descriptor, off_t(offset), whence))
      },
      read: { buffer, count, user in sf_count_t(Glibc.read(ByteSink.of(user).descriptor, buffer, Int(count))) },
      write: { buffer, count, user in
        let sink = ByteSink.of(user)
        sink.write(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        return sink.failure == 0 ? count : 0
      },
      tell: { user in sf_count_t(lseek(ByteSink.of(user).descriptor, 0, SEEK_CUR)) })
  }

  private static func of(_ user: UnsafeMutableRawPointer?) -> ByteSink {
    guard let user else { preconditionFailure("libsndfile gave no user data") }
    return Unmanaged<ByteSink>.fromOpaque(user).takeUnretainedValue()
  }
}
