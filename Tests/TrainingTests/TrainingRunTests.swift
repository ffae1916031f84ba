import Datasets
import Files
import Foundation
import Layers
import ModelFormat
import Tensors
import TestSupport
import Testing
import Training
import VAEGAN

/// The training loop on the smallest models. Tests run one at a time because libtorch's settings are per process.
@Suite(.serialized) struct TrainingRunTests {
  let data: TrainingData
  let folder: TemporaryFolder

  init() throws {
    data = try TrainingData()
    folder = try TemporaryFolder()
  }

  /// Settings of a small model with all its parts, for a run in the folder `name`.
  func settings(_ name: String, _ options: String...) throws -> Settings {
    let all =
      [
        "model.preset=tiny", "model.width=32", "model.feedForward=64", "model.window=64",
        "model.latents.windowLength=64",
        "model.latents.phraseLength=32",
        "model.latents.localLength=16", "batch.windows=4", "run.threads=1", "run.logEverySteps=2", "length.steps=12",
        "evaluation.everySteps=5", "evaluation.windows=6", "optimizer.warmUpSteps=4", "kl.freeSteps=2",
        "run.output=\(folder.path(name))",
      ] + options
    return try Settings(all.map { try Assignment(option: $0) })
  }

  /// The metrics of a run without values that depend on the machine.
  func losses(_ settings: Settings) throws -> [MetricsLine] {
    try MetricsFile<MetricsLine>.read(RunFolder(path: settings.run.output).metrics).map { line in
      var line = line
      (line.seconds, line.tokensPerSecond) = (0, nil)
      return line
    }
  }

  @discardableResult
  func train(
    _ settings: Settings, resuming: Bool = false, until last: Int = .max,
    report: (TrainingRun.Event) throws -> Void = { _ in }
  ) throws -> TrainingRun.Outcome {
    let run = try TrainingRun(settings, on: data.dataset, resuming: resuming)
    return try run.train(isInterrupted: { run.progress.step >= last }, report: report)
  }

  /// The run is also stopped between lines and evaluations, in the middle of an epoch and just after its start.
  @Test(arguments: [
    ["batch.accumulation=2", "decoder.wordDropout=0.2", "batch.firstLength=16", "batch.curriculumSteps=7"],
    ["kl.schedule=adaptive", "kl.target=1", "kl.gain=0.3", "model.latents.normalizeMeans=true"],
    ["optimizer.averageDecay=null", "model.latents.prior=flow", "kl.freeBits=0.02", "kl.freeBitsPhrase=0.3"],
    ["model.autoencoder=false", "batch.windows=7"],
    [
      "data.weights=bach-invention-13.mid=3,bach-prelude-in-c.mid=0.5", "data.lateWeights=bach-prelude-in-c.mid=0",
      "data.lateShare=0.5", "data.plainSteps=4",
    ],
    ["length.tokens=2600", "data.lateWeights=bach-invention-13.mid=4", "data.lateShare=0.6", "data.plainSteps=3"],
    ["model.latents.prior=mixture", "length.tokens=2600"],
  ]) func aResumedRunMakesTheSameSteps(_ options: [String]) throws {
    func make(_ name: String) throws -> Settings {
      var settings = try settings(name)
      settings = try Settings(
        Assignment.all(yaml: settings.yaml(), file: name) + options.map { try Assignment(option: $0) })
      return settings
    }
    let (whole, parts) = (try make("whole"), try make("parts"))
    try train(whole)
    for stop in [1, 5, 7] { #expect(try train(parts, resuming: stop > 1, until: stop) == .interrupted) }
    #expect(try train(parts, resuming: true) == .finished)
    let expected = try losses(whole)
    #expect(expected.count(where: { $0.training != nil }) >= 5 && expected.count { $0.validation != nil } >= 2)
    #expect(try losses(parts) == expected)
    for name in ["last.safetensors", "best.safetensors"] {
      let files = try [whole, parts].map { try ModelFile(path: "\($0.run.output)/\(name)") }
      for tensor in files[0].configuration.tensors {
        #expect(files[0].floats(named: tensor.name) == files[1].floats(named: tensor.name), "\(tensor.name)")
      }
    }
  }

  /// Unless it is fitted, a mixture starts far from the latents of a model trained with the standard normal prior.
  @Test func aNewMixturePriorIsFittedToLatents() throws {
    let standard = try settings("standard", "length.steps=4")
    try train(standard)
    let mixture = try settings(
      "mixture", "length.steps=1", "model.initial=\(RunFolder(path: standard.run.output).last)",
      "model.latents.prior=mixture", "model.latents.mixtureComponents=2")
    let model = try TrainingRun(mixture, on: data.dataset, resuming: false).model
    guard case .mixture(let prior)? = model.prior?.global else { preconditionFailure("the prior is a mixture") }
    var batches = Batches(of: data.dataset, size: 8, length: 64, seed: 9)
    let batch = try Batch(batches.next(), multiple: model.lengthMultiple)
    let global = try #require(try model.infer(batch, using: Generator(seed: 5), training: false)).latents.global
    let latents = try global.reshaped([global.shape[0], global.shape[2]])
    let fitted = try prior.logDensity(latents).mean().item()
    let before = try Gaussian.standard(latents.shape, on: .cpu).logDensity(latents).sum(1).mean().item()
    #expect(fitted > before - 0.5, "\(fitted) nats, \(before) under the standard normal")
  }

  /// A late phase has other windows and begins with a new epoch.
  @Test func eachPhaseOfARunHasItsOwnMusic() throws {
    let settings = try settings(
      "phases", "data.lateWeights=bach-invention-13.mid=4", "data.lateShare=0.5", "data.plainSteps=3", "batch.windows=2"
    )
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    var epochs: [Int] = []
    _ = try run.train(isInterrupted: {
      epochs.append(run.progress.position.epoch)
      return false
    }) { _ in }
    let changes = zip(epochs, epochs.dropFirst()).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    #expect(changes == [5, 8], "\(epochs)")
  }

  @Test func weightsThatLeaveNothingAreRefused() throws {
    let names = data.dataset.pieces(.train).map { "\($0.path)=0" }.joined(separator: ",")
    for key in ["data.weights", "data.lateWeights"] {
      #expect(throws: TrainingError.self) { try train(settings(key, "\(key)=\(names)")) }
    }
    let unused = try settings("unused", "data.lateWeights=\(names)", "data.lateShare=0", "length.steps=2")
    #expect(try train(unused) == .finished)
  }

  @Test func accumulatedBatchesAreOneLargeBatch() throws {
    // Without latents there is no noise, which would be drawn differently.
    let options = ["model.autoencoder=false", "data.augmentation=false", "optimizer.averageDecay=null"]
    // Each step has the same parameters, so that gradients differ only by rounding.
    func lines(_ name: String, _ shape: String...) throws -> [MetricsLine] {
      let base = try settings(name, "length.steps=12", "run.logEverySteps=1", "optimizer.learningRate=0")
      try train(
        Settings(Assignment.all(yaml: base.yaml(), file: name) + (options + shape).map { try Assignment(option: $0) }))
      return try losses(base).filter { $0.training != nil }
    }
    let one = try lines("one", "batch.windows=6")
    let three = try lines("three", "batch.windows=2", "batch.accumulation=3")
    try #require(one.count == 12 && three.count == 12)
    // Windows have different lengths, so that batches have different weights.
    #expect(Set(zip(one, one.dropFirst()).map { $1.tokens - $0.tokens }).count > 1)
    for (one, three) in zip(one, three) {
      let (norm, other) = (try #require(one.gradientNorm), try #require(three.gradientNorm))
      #expect(one.tokens == three.tokens && abs(norm - other) < 1e-4 * norm, "step \(one.step): \(norm), \(other)")
    }
  }

  /// The last step is evaluated once, and the kept model is that with the lowest bound.
  @Test func evaluationsComeOnceAndTheBestIsKept() throws {
    let settings = try settings("evaluations", "length.steps=10", "optimizer.learningRate=3e-3")
    #expect(try train(settings) == .finished)
    let evaluations = try losses(settings).filter { $0.validation != nil }
    #expect(evaluations.map(\.step) == [5, 10])
    let best = try #require(
      evaluations.min { $0.validation?.boundNatsPerToken ?? 0 < $1.validation?.boundNatsPerToken ?? 0 })
    let file = try ModelFile(path: RunFolder(path: settings.run.output).best)
    #expect(file.metadata.step == best.step)
    #expect(file.metadata.metrics["valid.boundNatsPerToken"] == best.validation?.boundNatsPerToken)
  }

  @Test func aTinyModelLearnsMoreThanTokenFrequencies() throws {
    let settings = try Settings(
      [
        "model.preset=tiny", "length.steps=200", "batch.windows=4", "data.augmentation=false",
        "optimizer.learningRate=4e-3", "run.threads=2",
        "optimizer.warmUpSteps=20", "kl.freeSteps=50", "kl.rampSteps=100", "evaluation.everySteps=100",
        "optimizer.averageDecay=0.95", "run.output=\(folder.path("tiny"))",
      ].map { try Assignment(option: $0) })
    #expect(try train(settings) == .finished)
    let bound = try #require(try losses(settings).last?.validation?.boundNatsPerToken)
    #expect(bound < data.unigramCost - 0.2, "\(bound)")
    let best = try ModelFile(path: RunFolder(path: settings.run.output).best)
    #expect(best.metadata.dataHash == data.dataset.dataHash)
    #expect(try #require(best.metadata.metrics["valid.boundNatsPerToken"]) <= bound)
    #expect(best.metadata.step == 200 || best.metadata.step == 100)
  }

  @Test func heldOutFiguresThatNoLongerImproveEndARun() throws {
    let settings = try settings(
      "patience", "evaluation.everySteps=2", "evaluation.patience=2", "optimizer.learningRate=0", "length.steps=1000",
      "optimizer.averageDecay=null")
    #expect(try train(settings) == .stoppedEarly)
    let evaluations = try losses(settings).filter { $0.validation != nil }
    #expect(evaluations.map(\.step) == [2, 4, 6], "one best evaluation and two without improvement")
    #expect(try ModelFile(path: RunFolder(path: settings.run.output).best).metadata.step == 2)
  }

  /// Only evaluations in a row without improvement count towards the patience.
  @Test func anImprovementRestartsThePatience() throws {
    let settings = try settings(
      "restart", "evaluation.everySteps=2", "evaluation.patience=2", "optimizer.learningRate=0", "length.steps=1000",
      "optimizer.averageDecay=null")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    let weight = try #require(run.model.parameters.parameters.first { $0.name == "decoder.norm.weight" })
    let values = try weight.floats()
    // The larger the logits of an untrained model, the worse it is.
    func scale(_ factor: Float) throws { try weight.assign(Tensor(values.map { factor * $0 }, weight.shape)) }
    try scale(4)
    let outcome = try run.train { event in
      if case .evaluated(let line, _) = event { try scale(line.step == 4 ? 1 : 8) }
    }
    #expect(outcome == .stoppedEarly)
    // The best evaluations are those of steps 2 and 6.
    #expect(try losses(settings).filter { $0.validation != nil }.map(\.step) == [2, 4, 6, 8, 10])
  }

  @Test func averagesMayBeginAndEndInAResumedRun() throws {
    let with = try settings("with")
    try train(with, until: 3)
    var without = with
    without.optimizer.averageDecay = nil
    let last = RunFolder(path: with.run.output).last
    let state = try TrainingState(of: ModelFile(path: last)).file
    for parameter in try TrainingRun(without, on: data.dataset, resuming: true).model.parameters.parameters {
      let name = try #require(parameter.name)
      #expect(try parameter.floats() == state["parameter." + name]?.floats, "\(name)")
    }
    try train(without, resuming: true, until: 6)
    let model = try ModelFile(path: last)
    for parameter in try TrainingRun(with, on: data.dataset, resuming: true).model.parameters.parameters {
      let name = try #require(parameter.name)
      #expect(try parameter.floats() == model.floats(named: name), "\(name)")
    }
    #expect(try train(with, resuming: true) == .finished)
  }

  /// The saved statistics of `normalizeMeans` belong to the averaged parameters that are saved with them.
  @Test func theModelHasAveragedStatistics() throws {
    let settings = try settings(
      "averaged", "model.latents.normalizeMeans=true", "length.steps=5", "run.logEverySteps=1")
    let run = try TrainingRun(settings, on: data.dataset, resuming: false)
    let buffers = run.model.parameters.buffers
    var (averages, steps) = (try buffers.map { try $0.floats() }, 0)
    _ = try run.train { event in
      guard case .losses = event else { return }
      steps += 1
      let decay = Float(steps) / Float(steps + 9)
      let values = try buffers.map { try $0.floats() }
      averages = zip(averages, values).map { zip($0, $1).map { decay * $0 + (1 - decay) * $1 } }
    }
    try #require(steps == 5 && !buffers.isEmpty)
    let file = try ModelFile(path: run.folder.last)
    for (buffer, average) in zip(buffers, averages) {
      let saved = file.floats(named: buffer.name ?? "")
      #expect(zip(saved, average).allSatisfy { abs($0 - $1) < 1e-5 }, "\(buffer.name ?? "")")
      #expect(try buffer.floats() != saved)
    }
  }

  @Test func aModelCanBeginWithTheParametersOfAnother() throws {
    let first = try settings("first")
    try train(first)
    var second = try settings("second", "optimizer.learningRate=0", "length.steps=2")
    second.model.initial = RunFolder(path: first.run.output).last
    try train(second)
    let (before, after) = (try losses(first).last?.validation, try losses(second).last?.validation)
    #expect(before == after)
  }

  @Test func memoryStaysFlat() async {
    await #expect(processExitsWith: .success) {
      let tests = try TrainingRunTests()
      let settings = try tests.settings(
        "memory", "length.steps=2500", "batch.windows=1", "model.window=32",
        "model.latents.windowLength=32", "model.width=16",
        "evaluation.everySteps=500", "checkpoints.everySteps=200", "run.logEverySteps=100")
      var used: [Int: Int] = [:]
      try tests.train(settings) { event in
        if case .losses(let line) = event { used[line.step] = try Memory.residentBytes() }
      }
      // One-time allocations, as by the first evaluations, have been made by then.
      let (early, late) = (try #require(used[1500]), try #require(used[2500]))
      #expect(late - early < 4 << 20, "from \(early) to \(late) bytes")
    }
  }
}
