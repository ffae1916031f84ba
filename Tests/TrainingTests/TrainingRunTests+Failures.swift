import Files
import Foundation
import Layers
import ModelFormat
import Tensors
import TestSupport
import Testing
import Training
import VAEGAN

/// Failures during a run, and settings that a run refuses.
extension TrainingRunTests {
  /// The warning names a parameter that is not finite or, if all are finite, the first term of the loss that is not.
  @Test(arguments: [(Double.nan, "decoder.norm.weight [32]"), (3e38, "reconstruction []")])
  func stepsThatAreNotFiniteAreSkippedAndCounted(_ value: Double, _ name: String) throws {
    let run = try TrainingRun(try settings("nan", "optimizer.averageDecay=null"), on: data.dataset, resuming: false)
    let weight = try #require(run.model.parameters.parameters.first { $0.name == "decoder.norm.weight" })
    var (skipped, warnings): ([Int?], [String]) = ([], [])
    _ = try run.train { event in
      if case .warning(let text) = event { warnings.append(text) }
      guard case .losses(let line) = event else { return }
      skipped.append(line.skippedSteps)
      // Two of twelve steps have a bad weight.
      if line.step == 4 { try weight.assign(Tensor.full(value, weight.shape)) }
      if line.step == 6 { try weight.assign(Tensor.full(1, weight.shape)) }
    }
    #expect(skipped == [0, 0, 2, 2, 2, 2])
    #expect(warnings == ["step 5 is skipped: optimizer step of \(name): a value is not finite"])
    #expect(run.progress.skippedSteps == 2)
    let lines = try losses(run.settings)
    #expect(lines.first { $0.step == 6 }?.training == nil, "skipped steps have no losses")
    #expect(lines.last { $0.training != nil }?.training?.natsPerToken?.isFinite == true)
  }

  /// Nor does it change the running means of `normalizeMeans`, which the forward pass updates.
  @Test func aSkippedStepChangesNothing() throws {
    let settings = try settings("skipped", "model.latents.normalizeMeans=true", "evaluation.everySteps=100")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    let tensors = run.model.parameters.all
    let weight = try #require(tensors.first { $0.name == "encoder.norm.weight" })
    var (values, before, after): ([Float], [[Float]], [[Float]]) = ([], [], [])
    _ = try run.train { event in
      guard case .losses(let line) = event else { return }
      if line.step == 4 {
        values = try weight.floats()
        before = try tensors.map { try $0.floats() }
        try weight.assign(Tensor.full(.nan, weight.shape))
      }
      if line.step == 6 {
        try weight.assign(Tensor(values, weight.shape))
        after = try tensors.map { try $0.floats() }
      }
    }
    #expect(run.progress.skippedSteps == 2 && !run.model.parameters.buffers.isEmpty)
    #expect(!before.isEmpty && after == before)
  }

  @Test func aRunThatDivergesEnds() throws {
    let settings = try settings(
      "diverged", "length.steps=100", "checkpoints.everySteps=2", "evaluation.everySteps=1000")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    let weight = try #require(run.model.parameters.parameters.first { $0.name == "decoder.norm.weight" })
    let cause = TensorError(operation: "optimizer step", operands: [weight.label], reason: "a value is not finite")
    #expect(throws: TrainingError.diverged(steps: 50, at: 54, cause)) {
      _ = try run.train { event in
        if case .losses(let line) = event, line.step == 4 { try weight.assign(Tensor.full(.nan, weight.shape)) }
      }
    }
    #expect(try ModelFile(path: run.folder.last).metadata.step == 2, "the last checkpoint is from before")
    #expect(try train(settings, resuming: true, until: 6) == .interrupted)
  }

  @Test func checkpointsThatCannotBeWrittenCauseAWarning() throws {
    let settings = try settings("full", "checkpoints.everySteps=3")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    try FileManager.default.createDirectory(atPath: run.folder.last, withIntermediateDirectories: true)
    var warnings: [String] = []
    #expect(throws: ModelFormatError.self) {
      _ = try run.train { event in
        if case .warning(let text) = event { warnings.append(text) }
      }
    }
    #expect(run.progress.step == 12, "it trains to the end")
    #expect(warnings.count == 4 && warnings.allSatisfy { $0.contains("last.safetensors") && $0.contains("is kept") })
  }

  /// A best model that could not be written does not count as the best, so that the next one that is as good is kept.
  @Test func aBestModelThatCannotBeWrittenDoesNotCount() throws {
    let settings = try settings(
      "best", "evaluation.everySteps=2", "length.steps=6", "optimizer.learningRate=0", "optimizer.averageDecay=null")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    try FileManager.default.createDirectory(atPath: run.folder.best, withIntermediateDirectories: true)
    var (best, warnings): ([Int], Int) = ([], 0)
    _ = try run.train { event in
      if case .evaluated(let line, isBest: true) = event { best.append(line.step) }
      guard case .warning = event else { return }
      warnings += 1
      try FileManager.default.removeItem(atPath: run.folder.best)
    }
    #expect(best == [2, 4] && warnings == 1)
    #expect(try ModelFile(path: run.folder.best).metadata.step == 4)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let first = try settings("first")
    try train(first, until: 3)
    #expect(throws: TrainingError.exists(first.run.output)) { try train(first) }
    #expect(throws: TrainingError.noCheckpoint(folder.path("none"))) { try train(settings("none"), resuming: true) }
    var other = first
    other.model.feedForward = 128
    #expect(throws: TrainingError.self) { try train(other, resuming: true) }
    let otherData = try TrainingData(pieces: 5)
    #expect(throws: TrainingError.self) { _ = try TrainingRun(first, on: otherData.dataset, resuming: true) }
    let noneHeldOut = try TrainingData(pieces: 2)
    #expect(throws: TrainingError.self) { _ = try TrainingRun(settings("x"), on: noneHeldOut.dataset, resuming: false) }
    let silent = try TrainingData(isSilent: true)
    #expect(throws: TrainingError.self) { _ = try TrainingRun(settings("x"), on: silent.dataset, resuming: false) }
    let error = try #require(throws: TensorError.self) { try train(settings("gpu", "run.device=cuda:99")) }
    #expect(error.operation == "device cuda:99" && error.isOfMachines)
  }

  /// A training state with one impossible value.
  @Test(arguments: [
    ("windowLength", 1), ("windowLength", 193), ("epoch", -1), ("window", -1), ("step", -1), ("tokens", Int.max),
    ("optimizerStep", Int.max),
  ]) func aStateThatSaysWhatCannotBeIsRefused(_ key: String, _ value: Int) throws {
    let settings = try settings("hostile")
    try train(settings, until: 3)
    let path = TrainingState.path(besideModel: RunFolder(path: settings.run.output).last)
    let bytes = try readBytes(ofFile: path)
    // The file is the length of the header in eight bytes, the JSON header, which contains the state as a JSON string,
    // and the data.
    let end = 8 + bytes.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
    let text = String(decoding: bytes[8..<end], as: UTF8.self)
    let name = "\\\"\(key)\\\":"
    try #require(text.contains(name))
    let changed = Array(text.replacing(name, with: "\(name)\(value),\\\"was\\\":").utf8)
    let length = withUnsafeBytes(of: UInt64(changed.count), Array.init)
    try write(length + changed + Array(bytes[end...]), toFile: path)
    let error = try #require(throws: TrainingError.self) { try train(settings, resuming: true) }
    #expect("\(error)".contains("its progress is missing or impossible"))
  }
}
