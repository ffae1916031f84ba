import Evaluation
import Foundation
import Generation
import Inference
import ModelFormat
import MusicCore
import MusicTokens
import Synchronization
import TestSupport
import Testing

/// A whole evaluation of a tiny model.
@Suite struct EvaluationRunTests {
  private static func named(_ synthetic: SyntheticModel) throws -> EvaluationRun.NamedModel {
    let folder = try TemporaryFolder()
    try synthetic.write(to: folder.path("model"))
    return .init(try Model(path: folder.path("model")), path: "model")
  }

  private static func music(_ seeds: Range<UInt64>) throws -> EvaluationMusic {
    var music = EvaluationMusic(path: "music")
    music.pieces = try seeds.map {
      try TokenEncoder().encode(RandomWalk($0, notes: 0..<150).score).map(\.rawValue)
    }
    return music
  }

  private static func run(jobs: Int, takes: Int = 4) -> EvaluationRun {
    var settings = EvaluationRun.Settings(reported: .init(takes: takes, takeSeconds: 5, seed: 3))
    settings.importanceSamples = 2
    settings.windows = 5
    settings.jobs = jobs
    return EvaluationRun(settings)
  }

  private static func json(_ document: EvaluationDocument) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  @Test func theNumberOfJobsChangesNothing() async throws {
    let (model, plain) = (try Self.named(SyntheticModel()), try Self.named(.plain))
    let (music, training) = (try Self.music(0..<4), try Self.music(10..<14))
    let results = [
      try await Self.run(jobs: 1).evaluate(model, plain: plain, music: music, training: training),
      try await Self.run(jobs: 4).evaluate(model, plain: plain, music: music, training: training),
    ]
    let documents = try results.map { try Self.json($0.document) }
    #expect(documents[0] == documents[1])
    let document = results[0].document
    #expect(document.music.windows == 5 && document.settings.importanceSamples == 2)
    #expect(document.natsPerToken == document.likelihood[.importanceWeighted]?.natsPerToken?.value)
    // The bound with more samples is at least as tight as the ELBO; with equal probabilities a token costs ln 775 nats.
    #expect(try #require(document.elbo) >= #require(document.natsPerToken))
    #expect(abs(try #require(document.baselines.uniform) - log(775)) < 1e-9)
    #expect(document.baselines.kneserNey5 != nil && document.baselines.decoderOnly != nil)
    #expect(document.takes?.count == 4 && document.takes?.repairs == 0 && document.memorization != nil)
    #expect(results[0].excerpts?.takes.count == 4)
  }

  @Test func withoutTakesTheirMeasuresAreMissing() async throws {
    let result = try await Self.run(jobs: 1, takes: 0).evaluate(
      Self.named(.plain), music: Self.music(0..<2), training: nil)
    #expect(result.document.takes == nil && result.excerpts == nil && result.document.grammar == nil)
    #expect(result.document.natsPerToken == result.document.likelihood[.exact]?.natsPerToken?.value)
    #expect(result.document.baselines.unigram == nil && result.document.latents == nil)
  }

  /// Takes that are copies of the training music are reported as memorized from beginning to end.
  @Test func takesOfTheTrainingMusicAreFound() async throws {
    let training = try Self.music(20..<24)
    let takes = training.tokens
    let result = await Self.run(jobs: 1).evaluate(takes: takes, music: try Self.music(0..<4), training: training)
    #expect(result.document.model == nil && result.document.takes?.count == 4)
    #expect(try #require(result.document.memorization?.samples?.median) > 100)
  }

  @Test func modelsThatComputeNoNumbersAreNamed() async throws {
    var broken = SyntheticModel.plain
    broken.tensors["embedding.weight"] = broken.tensors["embedding.weight"]?.map { $0 < 0 ? -1e38 : 1e38 }
    let model = try Self.named(broken)
    await #expect(throws: EvaluationRun.Failure.notFinite(model: "model")) {
      try await Self.run(jobs: 1, takes: 0).evaluate(model, music: Self.music(0..<2), training: nil)
    }
  }

  @Test func progressCountsUp() async throws {
    let steps = Mutex<[String: [Int]]>([:])
    var run = Self.run(jobs: 2, takes: 2)
    run.progress = { done, _, items in steps.withLock { $0[items, default: []].append(done) } }
    _ = try await run.evaluate(Self.named(SyntheticModel()), music: Self.music(0..<3), training: nil)
    let seen = steps.withLock(\.self)
    #expect(seen["windows"] == Array(0...5) && seen["takes"] == [0, 1, 2])
  }
}
