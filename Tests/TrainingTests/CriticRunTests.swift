import Datasets
import Files
import Foundation
import ModelFormat
import Tensors
import TestSupport
import Testing
import Training

/// Critics trained to distinguish a model with random weights from the corpus.
@Suite(.serialized) struct CriticRunTests {
  private let data: TrainingData
  private let folder: TemporaryFolder

  init() throws {
    try Runtime.setThreadCount(1)
    data = try TrainingData(pieces: 16)
    folder = try TemporaryFolder()
    try SyntheticModel().write(to: folder.path("model.safetensors"))
  }

  private func settings(_ name: String, steps: Int = 12, _ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings.run.output = folder.path(name)
    settings.critic.model = folder.path("model.safetensors")
    settings.critic.width = 32
    settings.critic.heads = 2
    settings.critic.feedForward = 64
    settings.critic.steps = steps
    settings.critic.stretches = 4
    settings.critic.takes = 4
    settings.critic.freshTakes = 1
    settings.critic.takeTokens = 640
    settings.critic.heldOut = 16
    settings.critic.warmUpSteps = 2
    settings.critic.learningRate = 3e-3
    settings.critic.evaluateEverySteps = 100
    settings.critic.slopeEverySteps = 4
    change(&settings)
    return settings
  }

  private func tensors(_ path: String) throws -> [String: [Float]] {
    let file = try SafetensorsFile(path: path)
    return Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.floats) })
  }

  /// Everything is as in an uninterrupted run, including stages, takes and singular vectors.
  @Test func aResumedRunMakesTheSameSteps() throws {
    let whole = try CriticRun(settings("whole"), on: data.dataset, resuming: false)
    var stages: [CriticStage] = []
    #expect(try whole.train { if case .learned(let line) = $0 { stages.append(line.stage) } })
    #expect(stages.first == .local && stages.contains(.phrase) && stages.last == .all)
    #expect(stages == stages.sorted { $0.rawValue < $1.rawValue })

    let first = try CriticRun(settings("parts"), on: data.dataset, resuming: false)
    #expect(try !first.train(isInterrupted: { first.progress.step == 5 }) { _ in })
    let second = try CriticRun(settings("parts"), on: data.dataset, resuming: true)
    #expect(second.progress.step == 5 && second.progress.stage == first.progress.stage)
    #expect(try second.train { _ in })
    let states = try [whole, second].map { try tensors($0.folder.criticState) }
    #expect(states[0] == states[1])
    let critics = try [whole, second].map { try tensors($0.folder.critic) }
    #expect(critics[0] == critics[1])
  }

  /// The critic separates held-out music from unseen takes, and the exported file does so with a fitting calibration.
  @Test func aCriticLearns() throws {
    let run = try CriticRun(settings("learns", steps: 40), on: data.dataset, resuming: false)
    var last: CriticRun.CriticLine?
    _ = try run.train { if case .evaluated(let line) = $0 { last = line } }
    let measure = try #require(last?.heldOut)
    #expect(try #require(measure.areaUnderCurve["combined"]) > 0.9, "\(measure)")
    let file = try CriticFile(path: run.folder.critic)
    #expect(file.metadata.step == 40 && file.metadata.dataHash == data.dataset.dataHash)
    #expect(file.metadata.metrics["heldOut.areaUnderCurve.local"] == measure.areaUnderCurve["local"])
    for scale in Configuration.Level.allCases { #expect(file.metadata.calibration[scale].slope > 0, "\(scale)") }
  }

  /// The context head of a critic with random towers separates takes of a model with random weights from music, is
  /// calibrated, and belongs to this model.
  @Test func aContextHeadIsFitted() throws {
    let (source, target) = (folder.path("towers.safetensors"), folder.path("context.safetensors"))
    try SyntheticCritic().write(to: source)
    var settings = settings("context")
    settings.critic.takeTokens = 384
    let model = folder.path("model.safetensors")
    var sampled: [Int] = []
    let fit = try ContextFit(settings, critic: source, model: model, on: data.dataset)
    let outcome = try fit.run(takes: 24, to: target) { sampled.append($0) }
    // Some takes at a time, as many as there are processors.
    #expect(sampled.last == 24 + 2 * 8 && zip(sampled, sampled.dropFirst()).allSatisfy(<), "\(sampled)")
    #expect(outcome.context > 0.95 && outcome.context > outcome.towers, "\(outcome)")
    // Two to three phrases of each take, and as many of real music.
    #expect((24 * 4...24 * 6).contains(outcome.phrases), "\(outcome)")
    let (before, after) = (try CriticFile(path: source), try CriticFile(path: target))
    let c = SyntheticModel().configuration
    #expect(after.configuration.context == .init(layers: c.decoderLayers, width: c.width))
    #expect(after.metadata.modelHash == (try SHA256.hex(ofFile: model)))
    for tensor in before.configuration.tensors {
      #expect(before.floats(named: tensor.name) == after.floats(named: tensor.name), "\(tensor.name)")
    }
    #expect(throws: ModelFormatError.self, "an output that cannot be written fails first") {
      try fit.run(takes: 24, to: folder.path("none/context.safetensors")) { _ in Issue.record("a take is sampled") }
    }
    // The same seed gives the same head.
    let again = folder.path("again.safetensors")
    _ = try fit.run(takes: 24, to: again) { _ in }
    #expect(try readBytes(ofFile: again) == readBytes(ofFile: target))
  }

  /// A logistic regression finds the direction that separates two classes, whatever the scale and the offset of the
  /// features; a stronger penalty makes it less certain.
  @Test func aRegressionSeparatesClasses() throws {
    var generator = SeededGenerator(seed: 3)
    let examples = (0..<400).map { _ in
      let (x, y) = (Float.random(in: -1...1, using: &generator), Float.random(in: -1...1, using: &generator))
      return (features: [100 * x + 500, y, 7], isReal: x + y > 0)
    }
    let regression = try LogisticRegression(examples.map(\.features), areReal: examples.map(\.isReal))
    let (strong, weak) = (try regression.fit(penalty: 1), try regression.fit(penalty: 1e-3))
    #expect(examples.filter { (weak($0.features) > 0) == $0.isReal }.count > 390)
    #expect(abs(weak.weights[0] * 100 / weak.weights[1] - 1) < 0.1, "\(weak)")
    let certainty = { (line: LogisticRegression.Line) in examples.map { abs(line($0.features)) }.reduce(0, +) }
    #expect(certainty(strong) < certainty(weak) / 4)
  }

  /// Each kind of gradient penalty is another one; R1 and R2 together are larger than R1.
  @Test func penaltiesDiffer() throws {
    var penalties: [Settings.SlopePenalty: Double] = [:]
    for slope in Settings.SlopePenalty.allCases {
      let run = try CriticRun(
        settings("\(slope)", steps: 1) {
          $0.critic.slope = slope
          $0.critic.slopeEverySteps = 1
        }, on: data.dataset, resuming: false)
      _ = try run.train { if case .learned(let line) = $0 { penalties[slope] = line.penalty } }
    }
    let (real, both, between) = (
      try #require(penalties[.real]), try #require(penalties[.both]), try #require(penalties[.between])
    )
    #expect(real > 0 && both > real && between > 0 && between != real && between != both)
  }

  /// A critic can start from one trained against another model, but not from one of another width.
  @Test func aCriticBeginsWithTheParametersOfAnother() throws {
    let first = try CriticRun(settings("first"), on: data.dataset, resuming: false)
    _ = try first.train { _ in }
    try SyntheticModel(seed: 2).write(to: folder.path("other.safetensors"))
    func next(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
      settings("next", steps: 1) {
        $0.critic.initial = first.folder.path
        $0.critic.model = folder.path("other.safetensors")
        $0.critic.learningRate = 0
        change(&$0)
      }
    }
    let second = try CriticRun(next(), on: data.dataset, resuming: false)
    #expect(second.progress.step == 0)
    _ = try second.train { _ in }
    let (before, after) = (try tensors(first.folder.criticState), try tensors(second.folder.criticState))
    for (name, values) in before where name.hasPrefix("parameter.") && name.hasSuffix(".weight") {
      #expect(after[name] == values, "\(name)")
    }
    #expect(before != after)
    #expect(throws: TrainingError.self) {
      try CriticRun(
        next {
          $0.run.output = folder.path("wider")
          $0.critic.width = 64
        }, on: data.dataset, resuming: false)
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    _ = try CriticRun(settings("once", steps: 1), on: data.dataset, resuming: false).train { _ in }
    #expect(throws: TrainingError.self) { try CriticRun(settings("once"), on: data.dataset, resuming: false) }
    #expect(throws: TrainingError.self) { try CriticRun(settings("never"), on: data.dataset, resuming: true) }
    let wider = settings("once") { $0.critic.width = 64 }
    #expect(throws: TrainingError.self) { try CriticRun(wider, on: data.dataset, resuming: true) }
    #expect(throws: (any Error).self) {
      try CriticRun(settings("none") { $0.critic.model = nil }, on: data.dataset, resuming: false)
    }
  }

  @Test(arguments: [(0, 0.5, CriticStage.local), (2, 0.5, .phrase), (5, 0.5, .all), (0, 0.97, .phrase)])
  func stagesAreDue(step: Int, accuracy: Double, stage: CriticStage) {
    #expect(CriticStage.local.next(step: step, settings("s", steps: 10).critic, accuracy: accuracy) == stage)
    // Training never returns to an earlier stage.
    #expect(CriticStage.all.next(step: step, settings("s", steps: 10).critic, accuracy: accuracy) == .all)
  }
}
