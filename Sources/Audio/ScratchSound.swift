internal import Files
internal import Glibc

/// Samples in an unnamed temporary file, so that a long sound can be processed in two passes with constant memory.
public struct ScratchSound: ~Copyable {
  private let descriptor: Int32
  private let folder: String

  /// - Parameter folder: the folder of the file; its space is freed however the program ends.
  public init(folder: String) throws(AudioError) {
    descriptor = try Self.create(in: folder)
    self.folder = folder
  }

  private static func create(in folder: String) throws(AudioError) -> Int32 {
    let path = "\(folder)/.aurl-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    do throws(FileError) {
      let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_EXCL)
      try? FileSystem.remove(path)
      return descriptor
    } catch { throw .file(FileError(path: folder, operation: .create, code: error.code)) }
  }

  /// Appends samples.
  public func write(_ samples: [Float]) throws(AudioError) {
    let failure = samples.withUnsafeBytes { writeAll($0, to: descriptor) }
    guard failure == 0 else { throw .file(FileError(path: folder, operation: .write, code: failure)) }
  }

  /// Rewinds to the first sample.
  public func rewind() { lseek(descriptor, 0, SEEK_SET) }

  /// The next samples, at most `count`; none at the end.
  public func read(_ count: Int) throws(AudioError) -> [Float] {
    var failure: Int32 = 0
    let samples = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      let outcome = readAll(into: UnsafeMutableRawBufferPointer(buffer), from: descriptor)
      failure = outcome.code
      initialized = outcome.count / MemoryLayout<Float>.size
    }
    guard failure == 0 else { throw .file(FileError(path: folder, operation: .read, code: failure)) }
    return samples
  }

  deinit { close(descriptor) }
}
