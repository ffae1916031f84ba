import Datasets
import Evaluation
import EvaluationReport
import Generation
import Inference
import ModelFormat
import MusicCore
import Synchronization
import Terminal

extension Evaluate {
  /// Reads the music and the models, and evaluates the model or the takes.
  func result() async throws -> EvaluationRun.Result {
    if let takesFrom {
      var takes = try await EvaluationMusic.read(takesFrom, split: .valid, options: self).tokens
      if let count = self.takes { takes = Array(takes.prefix(count)) }
      let (music, training) = try await music()
      var reported = EvaluationDocument.Settings(takes: takes.count, takeSeconds: seconds, seed: seed)
      reported.takesFrom = takesFrom
      reported.beginnings = beginnings ? true : nil
      return await run(reported).evaluate(takes: takes, music: music, training: training)
    }
    let named = EvaluationRun.NamedModel(try model.load(), path: try model.path())
    let plain = try decoderOnly.map { EvaluationRun.NamedModel(try Self.loadDecoder($0), path: $0) }
    let (music, training) = try await music()
    var reported = reported
    let choice = try choice.choice(with: model, file: model.file())
    reported.candidates = choice?.candidates
    reported.critic = try self.choice.path(with: model)
    var run = run(reported)
    run.settings.generation.choice = choice
    do throws(EvaluationRun.Failure) {
      return try await run.evaluate(named, plain: plain, music: music, training: training)
    } catch {
      switch error {
      case .notFinite(let path): throw Failure(.malformedInput, path, ModelOptions.notNumbers)
      }
    }
  }

  /// The page of a result, which needs takes with notes.
  func page(of result: EvaluationRun.Result) throws -> [UInt8] {
    guard let excerpts = result.excerpts else {
      throw Failure(
        .malformedInput, folder, "there are fewer than two takes with notes, or the music is shorter than the takes")
    }
    return try ComparisonPage(
      title: result.document.model?.file ?? takesFrom ?? "", report: excerpts.report, sets: excerpts.sets,
      takes: excerpts.takes, real: excerpts.real, seed: seed
    ).bytes()
  }

  private func music() async throws -> (EvaluationMusic, training: EvaluationMusic?) {
    let music = try await EvaluationMusic.read(folder, split: split, options: self)
    guard let training else { return (music, nil) }
    return (music, try await EvaluationMusic.read(training, split: .train, options: self))
  }

  private func run(_ reported: EvaluationDocument.Settings) -> EvaluationRun {
    var settings = EvaluationRun.Settings(reported: reported)
    settings.windows = windows ?? (quick ? 64 : nil)
    settings.importanceSamples = samples ?? (quick ? 8 : 64)
    settings.generation.sampling = sampling.sampling
    settings.generation.constraints = constraints.constraints
    settings.jobs = work.count
    let line = SharedProgressLine(isQuiet: messages.isQuiet)
    let left = Mutex(TimeLeft())
    return EvaluationRun(settings) { done, count, items in
      if done == 0 { left.withLock { $0 = TimeLeft() } }
      let rest = left.withLock { $0.text(after: Double(done) / Double(max(1, count))) }
      line.update("\(done) of \(count) \(items)\(rest)")
      if done == count { line.clear() }
    }
  }

  /// The settings as they are reported.
  private var reported: EvaluationDocument.Settings {
    var settings = EvaluationDocument.Settings(
      takes: takes ?? (quick ? 40 : 200), takeSeconds: seconds, seed: seed)
    settings.temperature = sampling.temperature
    settings.topP = sampling.topP
    settings.topK = sampling.topK
    settings.minP = sampling.minP
    settings.tonality = sampling.tonality
    settings.repetitionPenalty = sampling.repetitionPenalty
    settings.recurrence = sampling.recurrence
    settings.steadiness = sampling.steadiness
    settings.key = constraints.key
    settings.range = constraints.range?.description
    settings.maxPolyphony = constraints.maxPolyphony
    settings.longestNote = constraints.longestNote
    settings.beginnings = beginnings ? true : nil
    return settings
  }

  private static func loadDecoder(_ path: String) throws(Failure) -> Model {
    let model: Model
    do throws(ModelFormatError) { model = try Model(path: path) } catch { throw Failure(error) }
    guard model.prior == nil else {
      throw Failure(.usage, path, "this model has latents; --decoder-only takes one without, to compare with")
    }
    return model
  }
}
