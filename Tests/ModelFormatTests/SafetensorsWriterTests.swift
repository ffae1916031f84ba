import Files
import Glibc
import ModelFormat
import TestSupport
import Testing

@Suite struct SafetensorsWriterTests {
  let folder: TemporaryFolder
  let layouts = [TensorLayout("a", .float32, [4]), TensorLayout("b", .float32, [4])]

  init() throws { folder = try TemporaryFolder() }

  @Test func noFileAppearsBeforeItIsComplete() throws {
    let path = folder.path("a.safetensors")
    try write([7], toFile: path)
    var writer = try SafetensorsWriter(path: path, tensors: layouts)
    try writer.write([1, 2, 3, 4] as [Float], to: "b")
    #expect(try readBytes(ofFile: path) == [7])
    #expect(folder.files == ["a.safetensors"])
    try writer.write([5, 6, 7, 8] as [Float], to: "a")
    try writer.commit()
    let file = try SafetensorsFile(path: path)
    #expect(file["a"]?.floats == [5, 6, 7, 8] && file["b"]?.floats == [1, 2, 3, 4])
    #expect(folder.files == ["a.safetensors"])
  }

  @Test func anUncommittedFileLeavesNothing() throws {
    do {
      var writer = try SafetensorsWriter(path: folder.path("a.safetensors"), tensors: layouts)
      try writer.write([1, 2, 3, 4] as [Float], to: "a")
    }
    #expect(folder.files == [])
  }

  @Test func fullDisk() {
    let error = ModelFormatError.file(FileError(path: "/dev/full", operation: .write, code: ENOSPC))
    #expect(throws: error) { try SafetensorsWriter(path: "/dev/full", tensors: layouts).abandon() }
    #expect("\(error)" == "/dev/full: cannot be written: no space left on device")
  }

  /// If writing fails in the middle of a tensor, as on a full disk, the previous file stays.
  @Test func aFailedWriteLeavesTheOldFile() throws {
    let path = folder.path("a.safetensors")
    try write([7], toFile: path)
    var writer = try SafetensorsWriter(path: path, tensors: layouts)
    try writer.write([1, 2, 3, 4] as [Float], to: "a")
    let full = open("/dev/full", O_WRONLY)
    #expect(dup2(full, writer.descriptor) >= 0)
    close(full)
    let error = ModelFormatError.file(FileError(path: path, operation: .write, code: ENOSPC))
    #expect(throws: error) { try writer.write([1, 2, 3, 4] as [Float], to: "b") }
    #expect(try readBytes(ofFile: path) == [7])
    #expect(folder.files == ["a.safetensors"])
  }

  /// A file gets its name only after it has been synced to disk.
  @Test func aFailedSyncLeavesTheOldFile() throws {
    let path = folder.path("a.safetensors")
    try write([7], toFile: path)
    var writer = try SafetensorsWriter(path: path, tensors: [layouts[0]])
    try writer.write([1, 2, 3, 4] as [Float], to: "a")
    breakSynchronisation(of: writer.descriptor)
    do {
      try writer.commit()
      Issue.record("it was committed")
    } catch { #expect(error == .file(FileError(path: path, operation: .write, code: EBADF))) }
    #expect(try readBytes(ofFile: path) == [7])
  }

  @Test func pipesAndFolders() throws {
    let inPipe = folder.path("pipe")
    #expect(mkfifo(inPipe, 0o600) == 0)
    let reader = open(inPipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    var writer = try SafetensorsWriter(path: inPipe, tensors: layouts)
    #expect(throws: ModelFormatError.file(FileError(path: inPipe, operation: .write, code: ESPIPE))) {
      try writer.write([1, 2, 3, 4] as [Float], to: "a")
    }
    let missing = folder.path("none/a.safetensors")
    #expect(throws: ModelFormatError.file(FileError(path: missing, operation: .create, code: ENOENT))) {
      try SafetensorsWriter(path: missing, tensors: []).abandon()
    }
  }

  @Test func headersOverTheLimitAreNotWritten() {
    let name = String(repeating: "n", count: 1_000_000)
    let many = (0..<101).map { TensorLayout("\($0)" + name, .int8, [0]) }
    let path = folder.path("a.safetensors")
    #expect(throws: ModelFormatError.content(path: path, reason: "the header would have more than 100000000 bytes")) {
      try SafetensorsWriter(path: path, tensors: many).abandon()
    }
  }
}

extension SafetensorsWriter {
  consuming func abandon() {}
}

/// Replaces a descriptor with one for which `fsync` fails (O_PATH, which Glibc declares only with _GNU_SOURCE).
func breakSynchronisation(of descriptor: Int32) {
  let pathOnly = open("/", 0o10_000_000)
  #expect(dup2(pathOnly, descriptor) >= 0)
  close(pathOnly)
}
