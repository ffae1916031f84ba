import Files
import Foundation
import Glibc
import Testing

@Suite struct FilesTests {
  let folder = TemporaryFolder()

  @Test(arguments: [0, 1, 4095, 65_536, 1_000_000]) func writesAndReads(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try write(bytes, toFile: "\(folder.path)/a")
    #expect(try readBytes(ofFile: "\(folder.path)/a") == bytes)
    #expect(folder.names == ["a"])
  }

  @Test func replacesExistingFiles() throws {
    try write(Array("a long text".utf8), toFile: "\(folder.path)/a")
    try write([1], toFile: "\(folder.path)/a")
    #expect(try readBytes(ofFile: "\(folder.path)/a") == [1])
    #expect(folder.names == ["a"])
  }

  @Test func writesInParts() throws {
    let file = try AtomicFile(path: "\(folder.path)/a")
    try file.write("é")
    try file.write([1, 2])
    try file.write((0..<3).lazy.map { UInt8($0) })
    #expect(folder.names == [])
    try file.commit()
    #expect(try readBytes(ofFile: "\(folder.path)/a") == [0xC3, 0xA9, 1, 2, 0, 1, 2])
  }

  @Test(arguments: [false, true]) func writesAtOffsets(isDurable: Bool) throws {
    for name in ["a", "a", "b"] {
      let file = try AtomicFile(path: "\(folder.path)/\(name)")
      try [UInt8]([3, 4]).withUnsafeBytes { try file.write($0, at: 4) }
      try file.write([1, 2])
      try file.commit(isDurable: isDurable)
      #expect(try readBytes(ofFile: "\(folder.path)/\(name)") == [1, 2, 0, 0, 3, 4])
    }
    #expect(folder.names == ["a", "b"])
  }

  @Test func durableDevices() throws {
    let file = try AtomicFile(path: "/dev/null")
    try file.write([1])
    try file.commit(isDurable: true)
  }

  @Test func uncommittedFilesLeaveNothing() throws {
    try write([7], toFile: "\(folder.path)/a")
    do {
      let file = try AtomicFile(path: "\(folder.path)/a")
      try file.write([1, 2, 3])
      let other = try AtomicFile(path: "\(folder.path)/b")
      try other.write([1, 2, 3])
    }
    #expect(folder.names == ["a"])
    #expect(try readBytes(ofFile: "\(folder.path)/a") == [7])
  }

  @Test func keepsTheModeOfReplacedFiles() throws {
    try write([1], toFile: "\(folder.path)/a")
    let mask = umask(0)
    umask(mask)
    #expect(folder.mode(of: "a") == 0o666 & ~mask)
    chmod("\(folder.path)/a", 0o600)
    try write([2], toFile: "\(folder.path)/a")
    #expect(folder.mode(of: "a") == 0o600)
  }

  @Test func writesThroughLinks() throws {
    try write([1], toFile: "\(folder.path)/a")
    symlink("a", "\(folder.path)/link")
    try write([2], toFile: "\(folder.path)/link")
    #expect(try readBytes(ofFile: "\(folder.path)/a") == [2])
    #expect(folder.names == ["a", "link"])
  }

  @Test func fullDevice() {
    let error = FileError(path: "/dev/full", operation: .write, code: ENOSPC)
    #expect(throws: error) { try write([1], toFile: "/dev/full") }
    #expect("\(error)" == "cannot be written: no space left on device")
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    try write([7], toFile: "\(folder.path)/a")
    let file = try AtomicFile(path: "\(folder.path)/a")
    let readOnly = open("/dev/null", O_RDONLY)
    dup2(readOnly, file.descriptor)
    close(readOnly)
    let error = FileError(path: "\(folder.path)/a", operation: .write, code: EBADF)
    #expect(throws: error) { try file.write([1]) }
    #expect(try readBytes(ofFile: "\(folder.path)/a") == [7])
  }

  @Test func folders() {
    #expect(throws: FileError(path: folder.path, operation: .create, code: EISDIR)) {
      try write([1], toFile: folder.path)
    }
    #expect(throws: FileError(path: folder.path, operation: .read, code: EISDIR)) {
      try readBytes(ofFile: folder.path)
    }
    let missing = "\(folder.path)/none/a"
    #expect(throws: FileError(path: missing, operation: .create, code: ENOENT)) { try write([1], toFile: missing) }
    #expect(throws: FileError(path: missing, operation: .open, code: ENOENT)) { try readBytes(ofFile: missing) }
    #expect(FileError(path: missing, operation: .open, code: ENOENT).isMissing)
  }

  @Test(.enabled(if: geteuid() != 0, "permissions do not restrict root")) func forbidden() throws {
    chmod(folder.path, 0o500)
    let path = "\(folder.path)/a"
    #expect(throws: FileError(path: path, operation: .create, code: EACCES)) { try write([1], toFile: path) }
  }

  /// The writer has a thread of its own, because opening a pipe for reading blocks until it is opened for writing.
  @Test func pipes() throws {
    let path = "\(folder.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    Thread { try? write(bytes, toFile: path) }.start()
    #expect(try readBytes(ofFile: path) == bytes)
    #expect(folder.names == ["pipe"])
  }

  @Test func filesOfUnknownSize() throws {
    #expect(try readBytes(ofFile: "/dev/null").isEmpty)
    #expect(try readBytes(ofFile: "/proc/self/maps").count > 1000)
  }

  @Test func relativePaths() throws {
    let name = "files-\(getpid())"
    try write([1], toFile: name)
    defer { unlink(name) }
    #expect(try readBytes(ofFile: "./\(name)") == [1])
  }
}
