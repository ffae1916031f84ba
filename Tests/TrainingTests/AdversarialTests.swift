import Datasets
import Files
import Foundation
import Layers
import ModelFormat
import MusicCore
import Tensors
import TestSupport
import Testing
import Training
import VAEGAN

/// The parts of a policy gradient: returns and advantages.
@Suite struct PolicyGradientTests {
  private let returns = StretchReturns(discount: 0.5, weights: PerLevel(global: 0.2, phrase: 0.4, local: 0.4))

  /// The return of a segment includes rewards of later segments and none of earlier ones.
  @Test func aReturnSumsLaterRewards() {
    let zero = PerLevel(global: [0.0], phrase: [0.0, 0.0], local: Array(repeating: 0.0, count: 8))
    var logits = zero
    logits.local[3] = 1
    let values = returns(logits)
    #expect(values[4...].allSatisfy { $0 == 0 })
    #expect(values[0...3] == (values[0...3].sorted())[...] && values[0] > 0)
    // The discounted mean of five rewards, of which the first has weight 1.
    #expect(abs(values[3] - 0.4 / (1 + 0.5 + 0.25 + 0.125 + 0.0625)) < 1e-12)
    logits = zero
    logits.phrase[0] = 1
    #expect(returns(logits).map { $0 > 0 } == [true, true, true, true, false, false, false, false])
    logits = zero
    logits.global[0] = 1
    #expect(returns(logits).allSatisfy { abs($0 - 0.2) < 1e-12 })
  }

  /// What the rewards before a stretch predict is not its merit: of returns that follow the past exactly nothing is left but the
  /// mean of all takes, and returns that have nothing to do with it are unchanged.
  @Test func theMusicBeforeAStretchIsNotItsMerit() {
    let rewards: [[Double]] = [[1, 0], [-1, 0], [3, 0], [-3, 0]]
    let follows = StretchReturns.unpredicted([[5, 4], [6, 0], [7, 8], [8, -4]], rewards: rewards, discount: 0.5)
    #expect(follows.map { $0[0] } == [5, 6, 7, 8])
    #expect(follows.allSatisfy { abs($0[1] - 2) < 1e-12 })
    let independent = [[0.0, 1], [0, 1], [0, -1], [0, -1]]
    #expect(StretchReturns.unpredicted(independent, rewards: rewards, discount: 0.5) == independent)
    // Of earlier rewards the last counts most.
    let last = [[0.0, 1, 0], [0, -1, 0], [1, 0, 0], [-1, 0, 0]]
    let returns = last.map { [0, 3 * $0[0], 2 * $0[1] + $0[0]] }
    let left = StretchReturns.unpredicted(returns, rewards: last, discount: 0.5)
    #expect(left.joined().allSatisfy { abs($0) < 1e-12 })
    #expect(StretchReturns.unpredicted([[1], [2]], rewards: [[1], [2]], discount: 0.5) == [[1], [2]])
  }

  /// If the critic gives everything the same score, there is nothing to learn.
  @Test func equalReturnsHaveNoAdvantage() {
    let advantages = StretchReturns.advantages(Array(repeating: [2, 2, 2], count: 6), group: 3)
    #expect(advantages.joined().allSatisfy { $0 == 0 })
  }

  /// The baseline of a take is computed from other takes, so that its advantage is linear in its own return except for
  /// the normalization.
  @Test func theBaselineIsThatOfOtherTakes() {
    let values: [[Double]] = [[1], [3], [0], [4], [2], [8]]
    let advantages = StretchReturns.advantages(values, group: 2)
    let expected = values.indices.map { take in
      let others = values.indices.filter { $0 != take }.map { values[$0][0] }
      let partner = values[take % 2 == 0 ? take + 1 : take - 1][0]
      return values[take][0] - (partner + others.reduce(0, +) / 5) / 2
    }
    let ratio = advantages[0][0] / expected[0]
    #expect(ratio > 0 && zip(advantages, expected).allSatisfy { abs($0[0] - ratio * $1) < 1e-9 })
  }

  @Test func theExtremesOfAGroupAreKept() {
    let returns = [0.5, -3, 2, 0, 7, -1]
    #expect(StretchReturns.extremes(returns, count: 4) == [1, 5, 2, 4])
    #expect(StretchReturns.extremes(returns, count: 3) == [1, 2, 4])
    #expect(StretchReturns.extremes(returns, count: 6).sorted() == Array(0..<6))
    #expect(StretchReturns.extremes([1, 1, 1], count: 2) == [0, 2])
  }

  /// Of two tokens the second has the higher reward, and the policy learns to choose it.
  @Test func aPolicyFindsTheBetterToken() throws {
    try Runtime.setThreadCount(1)
    let logits = try Tensor([Float(0), 0], [1, 2]).requireGradient()
    let optimizer = try AdamW([logits], settings: AdamW.Settings(weightDecay: 0))
    var generator = SystemRandomNumberGenerator()
    func probability() throws -> Double {
      let values = try logits.doubles()
      return 1 / (1 + exp(values[0] - values[1]))
    }
    for _ in 0..<200 {
      let p = try probability()
      let tokens = (0..<16).map { _ in Double.random(in: 0..<1, using: &generator) < p ? 1 : 0 }
      let advantages = StretchReturns.advantages(tokens.map { [Double($0)] }, group: 4)
      try optimizer.clearGradients()
      let rows = try Tensor.concatenate(Array(repeating: logits, count: 16), 0)
      let classes = try Tensor(tokens.map { Int64($0) }, [16])
      let nats = try rows.crossEntropy(classes, ignoring: -1).reshaped([16, 1])
      let loss = try PolicyGradient.loss(
        nats: nats, advantages: Tensor(advantages.joined().map(Float.init), [16, 1]), count: 16)
      try loss.backward()
      try optimizer.step(learningRate: 0.05)
    }
    #expect(try probability() > 0.9)
  }

  @Test func takesThatRepeatThemselvesAreLessDiverse() {
    let scale = (0..<40).map { UInt16(40 + $0 * 7 % 31) }
    let monotone = Array(repeating: UInt16(60), count: 40)
    #expect(TakeDiversity.distinctShare([monotone]) == 1.0 / 36)
    #expect(TakeDiversity.distinctShare([scale, scale]) == TakeDiversity.distinctShare([scale]).map { $0 / 2 })
    #expect(TakeDiversity.distinctShare([[UInt16]()]) == nil)
  }
}

/// The critic on the states of the model: a linear function that learns on.
@Suite struct ContextCriticTests {
  /// States of which the first tells the two sides apart, by `distance`.
  private func phrases(_ count: Int, distance: Float, seed: UInt64) -> [[Float]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      (0..<6).map { column in Float(generator.uniform()) * 2 - 1 + (column == 0 ? distance : 5) }
    }
  }

  @Test func itHearsWhatDiffers() throws {
    let critic = try ContextCritic(
      real: phrases(200, distance: 0.8, seed: 1), fake: phrases(200, distance: -0.8, seed: 2))
    let real = phrases(100, distance: 0.8, seed: 3).map(critic.logit)
    let fake = phrases(100, distance: -0.8, seed: 4).map(critic.logit)
    // One in ten lies on the other side.
    #expect(real.count { $0 > 0 } > 80 && fake.count { $0 < 0 } > 80)
  }

  /// A linear function: the logit of a phrase is the mean of those of its stretches.
  @Test func theLogitOfAPhraseIsTheMeanOfItsStretches() throws {
    let some = phrases(4, distance: 0.3, seed: 5)
    let critic = try ContextCritic(real: phrases(50, distance: 1, seed: 6), fake: phrases(50, distance: -1, seed: 7))
    let mean = some[0].indices.map { column in some.reduce(0) { $0 + $1[column] } / 4 }
    #expect(abs(critic.logit(mean) - some.map(critic.logit).reduce(0, +) / 4) < 1e-4)
  }

  /// When takes change, so does what the critic hears: it is fitted to the latest phrases only.
  @Test func itFollowsTheTakes() throws {
    var critic = try ContextCritic(real: phrases(100, distance: 1, seed: 8), fake: phrases(100, distance: -1, seed: 9))
    let (real, fake) = (phrases(60, distance: -1, seed: 10), phrases(60, distance: 1, seed: 11))
    let losses = try (0..<3).map { _ in try critic.learn(real: real, fake: fake) }
    #expect(losses[0] > 1 && losses[1] < losses[0] && losses[2] < 0.3)
    let new = try ContextCritic(real: (real + real).suffix(100), fake: (fake + fake).suffix(100))
    #expect(critic == new)
  }

  /// Before it knows them, new phrases cost as much as chance if nothing differs, and both sides have the same weight.
  @Test func theSidesAreBalanced() throws {
    let (real, fake) = (phrases(50, distance: 1, seed: 12), phrases(50, distance: -1, seed: 13))
    let critic = try ContextCritic(real: real, fake: fake)
    func loss(_ real: [[Float]], _ fake: [[Float]]) throws -> Double {
      var copy = critic
      return try copy.learn(real: real, fake: fake)
    }
    #expect(try abs(loss(real + real, fake) - loss(real, fake)) < 1e-6)
    let middle = phrases(400, distance: 0, seed: 14)
    #expect(try loss(middle, middle) > log(2) && loss(real, fake) < 0.2)
  }

  @Test func aSavedCriticIsTheSame() throws {
    let folder = try TemporaryFolder()
    let critic = try ContextCritic(real: phrases(20, distance: 1, seed: 15), fake: phrases(30, distance: -1, seed: 16))
    try critic.save(folder.path("critic.safetensors"))
    #expect(try ContextCritic(contentsOf: folder.path("critic.safetensors")) == critic)
    try SyntheticModel().write(to: folder.path("model.safetensors"))
    #expect(throws: TrainingError.self) { try ContextCritic(contentsOf: folder.path("model.safetensors")) }
  }
}

@Suite struct UncertaintyWeightsTests {
  /// The log variance of each term converges to the logarithm of its loss, so that weighted losses are 1.
  @Test func weightedTermsAreEqual() {
    var weights = UncertaintyWeights()
    #expect(weights.weight(of: "large") == 1)
    for _ in 0..<2000 {
      weights.learn("large", loss: 30)
      weights.learn("small", loss: 0.01)
    }
    #expect(abs(weights.weight(of: "large") * 30 - 1) < 0.01)
    #expect(abs(weights.weight(of: "small") * 0.01 - 1) < 0.01)
  }
}

/// Adversarial training of a model with random weights.
@Suite(.serialized) struct AdversarialRunTests {
  private let data: TrainingData
  private let folder: TemporaryFolder
  private static let configuration: Configuration = {
    var configuration = Configuration.tiny
    configuration.window = 512
    configuration.latents?.plan.windows = 4
    return configuration
  }()

  init() throws {
    try Runtime.setThreadCount(1)
    data = try TrainingData(pieces: 16)
    folder = try TemporaryFolder()
    try SyntheticModel(Self.configuration).write(to: folder.path("model.safetensors"))
    _ = try CriticRun(settings("critic"), on: data.dataset, resuming: false).train { _ in }
  }

  private func settings(_ name: String, steps: Int = 4, _ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings.run.output = folder.path(name)
    settings.critic.model = folder.path("model.safetensors")
    settings.critic.width = 32
    settings.critic.heads = 2
    settings.critic.feedForward = 64
    settings.critic.steps = 4
    settings.critic.stretches = 4
    settings.critic.takes = 2
    settings.critic.freshTakes = 1
    settings.critic.takeTokens = 576
    settings.critic.heldOut = 4
    settings.adversarial.critic = folder.path("critic")
    settings.adversarial.steps = steps
    settings.adversarial.takes = 4
    settings.adversarial.group = 2
    settings.adversarial.rollouts = 3
    settings.adversarial.openings = 0.5
    settings.adversarial.contextTakes = 4
    settings.adversarial.divergenceLimit = 10
    settings.batch.windows = 2
    settings.evaluation.windows = 2
    settings.evaluation.everySteps = 100
    change(&settings)
    return settings
  }

  private func tensors(_ path: String) throws -> [String: [Float]] {
    let file = try SafetensorsFile(path: path)
    return Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.floats) })
  }

  @Test(arguments: Settings.AdversarialGradient.allCases)
  func aResumedRunMakesTheSameSteps(gradient: Settings.AdversarialGradient) throws {
    func settings(_ name: String) -> Settings {
      self.settings("\(name)-\(gradient)") {
        $0.adversarial.gradient = gradient
        $0.adversarial.learnsWeights = true
        // All stages, and more steps of the critic than of the model.
        ($0.adversarial.phraseShare, $0.adversarial.globalShare) = (0.25, 0.5)
        $0.adversarial.criticSteps = 2
        if !gradient.needsCritic { $0.adversarial.critic = nil }
      }
    }
    let whole = try AdversarialRun(settings("whole"), on: data.dataset, resuming: false)
    var lines: [AdversarialLine] = []
    #expect(try whole.train { if case .learned(let line) = $0 { lines.append(line) } } == .finished)
    #expect(lines.map(\.step) == [1, 2, 3, 4])
    #expect(lines.allSatisfy { $0.gradientNorm > 0 && ($0.criticLoss ?? 0 > 0) == (gradient != .ratio) })
    #expect(lines.allSatisfy { ($0.criticGradientNorm ?? 0 > 0) == gradient.needsCritic })
    #expect(lines.map(\.stage) == [.local, .phrase, .all, .all])
    switch gradient {
    case .ratio:
      let ratios = try lines.map { try #require($0.ratio) }
      // At first, the model is the initial one.
      #expect(abs(ratios[0].loss - 2 * log(2)) < 1e-5 && ratios[0].real == 0 && ratios[0].fake == 0)
      #expect(ratios[3].loss != ratios[0].loss && ratios[3].real != ratios[3].fake)
    case .policy, .context: #expect(lines.allSatisfy { $0.policyGradientNorm ?? 0 > 0 && $0.terms == nil })
    case .relaxed:
      for line in lines {
        let terms = try #require(line.terms)
        #expect(Set(terms.keys) == Set(GeneratorTerm.allCases))
        #expect(terms.values.allSatisfy { $0.loss > 0 && $0.gradientNorm > 0 })
        // Weights are learned from the second step on.
        let initial = [GeneratorTerm.adversarial: 0.2, .featureMatching: 10, .perceptual: 0.005]
        #expect(terms.allSatisfy { ($0.value.weight == initial[$0.key]) == (line.step == 1) })
      }
    }
    // The model starts at the initial one and then moves away from it.
    #expect(abs(lines[0].divergence) < 1e-6 && lines[3].divergence != 0)

    let first = try AdversarialRun(settings("parts"), on: data.dataset, resuming: false)
    #expect(try first.train(isInterrupted: { first.progress.step == 2 }) { _ in } == .interrupted)
    let second = try AdversarialRun(settings("parts"), on: data.dataset, resuming: true)
    #expect(try second.train { _ in } == .finished)
    for file in gradient == .ratio ? [\RunFolder.last] : [\.last, \.criticState] {
      let same = try tensors(whole.folder[keyPath: file]) == tensors(second.folder[keyPath: file])
      #expect(same)
    }
    let metrics = try contents(whole.folder.metrics).split(separator: "\n").count
    #expect(try metrics == 4 && contents(second.folder.metrics).split(separator: "\n").count == 4)
  }

  enum Term: CaseIterable { case none, critic, likelihood, featureMatching, perceptual }

  /// The model changes if and only if a term that the kind of gradient has is weighted.
  @Test(arguments: Term.allCases, Settings.AdversarialGradient.allCases)
  func eachTermMovesTheModel(term: Term, gradient: Settings.AdversarialGradient) throws {
    let run = try AdversarialRun(
      settings("\(term)-\(gradient)", steps: 1) {
        $0.adversarial.gradient = gradient
        $0.adversarial.weight = term == .critic ? 1 : 0
        $0.adversarial.likelihoodWeight = term == .likelihood ? 1 : 0
        $0.adversarial.featureMatchingWeight = term == .featureMatching ? 1 : 0
        $0.adversarial.perceptualWeight = term == .perceptual ? 1 : 0
        $0.optimizer.weightDecay = 0
        $0.optimizer.averageDecay = nil
      }, on: data.dataset, resuming: false)
    _ = try run.train { _ in }
    let (before, after) = (try tensors(folder.path("model.safetensors")), try tensors(run.folder.last))
    let isMoved = before.contains { after[$0.key] != $0.value }
    let isOfAll = term == .critic || term == .likelihood
    #expect(isMoved == (term != .none && (isOfAll || gradient == .relaxed)))
    // The critic is trained in any case, if there is one.
    #expect(FileManager.default.fileExists(atPath: run.folder.criticState) == (gradient != .ratio))
    guard gradient.needsCritic else { return }
    let critics = try [folder.path("critic/critic.state.safetensors"), run.folder.criticState].map(tensors)
    #expect(critics[0] != critics[1])
  }

  @Test(arguments: [Settings.AdversarialGradient.policy, .ratio])
  func itEndsWhenTheModelHasDivergedTooFar(gradient: Settings.AdversarialGradient) throws {
    let run = try AdversarialRun(
      settings("far-\(gradient)", steps: 50) {
        $0.adversarial.gradient = gradient
        $0.adversarial.learningRate = 0.05
        $0.adversarial.divergenceLimit = 0.05
      }, on: data.dataset, resuming: false)
    #expect(try run.train { _ in } == .tooFar)
    #expect(run.progress.step < 50)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(throws: TrainingError.self) {
      try AdversarialRun(settings("none") { $0.adversarial.critic = nil }, on: data.dataset, resuming: false)
    }
    #expect(throws: TrainingError.self) { try AdversarialRun(settings("never"), on: data.dataset, resuming: true) }
    #expect(throws: SettingsError.self) {
      try Settings([Assignment("adversarial.rollouts", "3", option: "--set")])
    }
    // A critic that was trained against another model.
    try SyntheticModel(Self.configuration, seed: 9).write(to: folder.path("other.safetensors"))
    #expect(throws: TrainingError.self) {
      try AdversarialRun(
        settings("other") { $0.critic.model = folder.path("other.safetensors") }, on: data.dataset, resuming: false)
    }
  }

  private func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
