import Files
import Glibc
import ModelFormat
import TestSupport
import Testing

@Suite struct CheckpointTests {
  let folder: TemporaryFolder
  let path: String
  let state: String
  let previous: String
  private let layouts = [
    TensorLayout("moments.embedding.weight", .float32, [3]), TensorLayout("generator", .uint64, [2]),
  ]

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("a.safetensors")
    state = folder.path("a.state.safetensors")
    previous = folder.path("a.state.previous.safetensors")
  }

  private func checkpoint(_ step: Int, path: String? = nil) throws -> CheckpointWriter {
    var model = RandomModel(seed: UInt64(step))
    model.metadata.step = step
    var writer = try CheckpointWriter(
      path: path ?? self.path, metadata: model.metadata, state: layouts, stateMetadata: ["epoch": "\(step / 10)"])
    for tensor in Configuration.tiny.tensors {
      try writer.model.write(try #require(model.tensors[tensor.name]), to: tensor)
    }
    try writer.state.write([Float(step), 2, 3], to: "moments.embedding.weight")
    try writer.state.write([UInt64(step), .max], to: "generator")
    return writer
  }

  private func write(_ step: Int) throws { try checkpoint(step).commit() }

  private func expectResumes(at step: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let model = try ModelFile(path: path)
    let state = try TrainingState(of: model)
    #expect(model.metadata.step == step && state.step == step, sourceLocation: sourceLocation)
    #expect(state.file["moments.embedding.weight"]?.floats.first == Float(step), sourceLocation: sourceLocation)
    #expect(state.file.metadata["epoch"] == "\(step / 10)", sourceLocation: sourceLocation)
  }

  @Test func aPair() throws {
    #expect(TrainingState.path(besideModel: path) == state)
    #expect(TrainingState.path(besideModel: "/m/best") == "/m/best.state.safetensors")
    for step in [10, 20, 30] {
      try write(step)
      try expectResumes(at: step)
      #expect(folder.files == ["a.safetensors", "a.state.safetensors"])
    }
  }

  @Test func anUncommittedPairLeavesNothing() throws {
    try write(10)
    _ = try checkpoint(20)
    try expectResumes(at: 10)
  }

  /// The program stops after each step of a commit, and again during the next one.
  @Test func stopsBetweenTheFiles() throws {
    try write(10)
    let (oldModel, oldState) = (try readBytes(ofFile: path), try readBytes(ofFile: state))
    try write(20)
    let newState = try readBytes(ofFile: state)
    func stop(state now: [UInt8]?) throws {
      try Files.write(oldModel, toFile: path)
      try Files.write(oldState, toFile: previous)
      if let now { try Files.write(now, toFile: state) } else { unlink(state) }
    }
    try stop(state: nil)
    try expectResumes(at: 10)
    try write(30)
    try expectResumes(at: 30)

    try stop(state: newState)
    try expectResumes(at: 10)
    // It resumes and stops between the files once more: the state of step 20 must not have replaced that of step 10.
    let next = try checkpoint(30)
    breakSynchronisation(of: next.model.descriptor)
    do {
      try next.commit()
      Issue.record("it was committed")
    } catch { #expect(error.path == path) }
    try expectResumes(at: 10)
    try write(40)
    try expectResumes(at: 40)
    #expect(folder.files == ["a.safetensors", "a.state.safetensors"])
  }

  @Test func statesThatDoNotFit() throws {
    try write(10)
    let other = folder.path("b.safetensors")
    try checkpoint(20, path: other).commit()
    func refusal() throws -> String {
      do {
        _ = try TrainingState(of: ModelFile(path: path))
        return "none"
      } catch { return error.description }
    }
    try Files.write(try readBytes(ofFile: folder.path("b.state.safetensors")), toFile: state)
    #expect(try refusal() == "\(state): was not written with \"\(path)\"; it is of step 20, the model of step 10")
    try Files.write(try readBytes(ofFile: path), toFile: state)
    #expect(try refusal() == "\(state): is not the training state of a model of Aurl, version 1")
    try Files.write([1, 2, 3], toFile: state)
    #expect(try refusal() == "\(state): the file has 3 bytes, too few for a safetensors file")
    #expect(unlink(state) == 0)
    #expect(try refusal() == "\(state): cannot be opened: no such file or directory")
    try RandomModel().write(to: path)
    #expect(try refusal() == "\(path): the model was written without its training state; it can only be played")
  }

  /// A model converted to another precision has no training state, which is reported on reading.
  @Test func conversionsLeaveTheStateBehind() throws {
    try write(10)
    let half = folder.path("half.safetensors")
    try ModelFile(path: path).write(to: half, precision: .half)
    #expect(try ModelFile(path: half).metadata.pair == nil)
  }

  @Test func infiniteMoments() throws {
    let model = RandomModel()
    var writer = try CheckpointWriter(path: path, metadata: model.metadata, state: layouts)
    for tensor in Configuration.tiny.tensors {
      try writer.model.write(try #require(model.tensors[tensor.name]), to: tensor)
    }
    try writer.state.write([Float.nan, 2, 3], to: "moments.embedding.weight")
    try writer.state.write([UInt64.max, .max], to: "generator")
    try writer.commit()
    #expect(
      throws: ModelFormatError.content(
        path: state, tensor: "moments.embedding.weight", reason: "is infinite or not a number at element 0")
    ) { try TrainingState(of: try ModelFile(path: path)) }
  }
}
