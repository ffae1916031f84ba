import ArgumentParser
import Datasets
import Files
import Generation
import Inference
import MIDIFiles
import ModelFormat
import MusicCore
import MusicTokens
import Synchronization
import Terminal

/// Makes the takes of one command; several can be made at once.
struct TakeMaker: Sendable {
  let model: Model
  let modelPath: String
  /// That of the critic, where one chooses.
  var criticPath: String?
  /// Of the first take; those after it count on, but on the way between two files all have the same.
  var first: GenerationSettings
  /// What takes go on from, as a MIDI file has it.
  var promptScore: Score?
  /// Whether results leave the prompt out.
  var isOnlyNew = false
  var latents: [LatentSource]
  /// What is said of all takes.
  var settings: TakeSettings
  var output: TakeFiles?
  var sound: TakeFiles?
  var rendering: RenderSettings?
  /// Whether anyone reads which model it was, to the bit: hashing it takes longer than a short take.
  var isIdentified: Bool
  let digest = ModelDigest()
  /// What a take goes on for at once, in ticks: long enough to be worth fetching its keys and values to the processor.
  private static let portion = 4 * TokenTime.ticksPerSecond

  /// A take as it was written.
  struct Take: Sendable {
    var report: TakeReport
    var score: Score
    var renderWarning: String?
  }

  /// A take of which nothing is made yet.
  func begin(_ index: Int) -> TakeInProgress {
    var settings = first
    settings.latents = latents[index % latents.count]
    if latents.count == 1 { settings.seed &+= UInt64(index) }
    return TakeInProgress(index, model, settings)
  }

  /// Goes on with a take for some seconds of music.
  ///
  /// - Returns: False where it is over.
  func advance(_ take: TakeInProgress, _ progress: TakeProgress) throws(Failure) -> Bool {
    let start = ContinuousClock.now
    let session = take.session
    let before = session.time
    defer {
      take.elapsed += ContinuousClock.now - start
      progress.advance(by: session.time - before)
    }
    do throws(GenerationError) {
      while let token = try session.next() {
        take.tokens.append(token)
        if session.time - before >= Self.portion { return true }
      }
    } catch { throw Failure(.malformedInput, modelPath, ModelOptions.notNumbers) }
    return false
  }

  /// Writes a take that is over.
  func finish(_ made: TakeInProgress, _ progress: TakeProgress) throws(Failure) -> Take {
    let tokens = (made.settings.prompt?.tokens ?? []) + made.tokens
    var take = Take(report: report(made), score: try decode(tokens))
    let continuation = Continuation(take.score, promptTicks: made.settings.prompt?.tokens.ticks ?? 0)
    if isOnlyNew {
      take.score = continuation.newMusic
    } else if let promptScore {
      take.score = continuation.joined(to: promptScore)
    }
    annotate(&take)
    try write(made.index, &take, tokens: isOnlyNew ? try encode(take.score) : tokens)
    progress.finishTake()
    return take
  }

  private func decode(_ tokens: [Token]) throws(Failure) -> Score {
    do throws(TokenRepair) { return try TokenDecoder(isStrict: true).decode(tokens).score } catch {
      throw Failure(.software, nil, "the model was allowed what needs a repair: \(error.kind.explanation)")
    }
  }

  private func encode(_ score: Score) throws(Failure) -> [Token] {
    do throws(TokenEncodingError) { return try TokenEncoder().encode(score) } catch {
      throw Failure(.software, nil, "\(error)")
    }
  }

  private func report(_ made: TakeInProgress) -> TakeReport {
    var all = self.settings
    if latents.count > 1 { all.step = made.index + 1 }
    let (tokens, prompt) = (made.tokens, made.settings.prompt.map { $0.tokens.ticks })
    return TakeReport(
      output: output.map { Self.name(of: $0.path(of: made.index)) },
      sound: sound.map { Self.name(of: $0.path(of: made.index)) }, seed: made.settings.seed,
      seconds: Self.seconds(tokens.ticks), promptSeconds: prompt.map(Self.seconds), tokens: tokens.count,
      notes: tokens.count(where: \.isNoteOn),
      tokensPerSecond: (Double(tokens.count) / (made.elapsed / .seconds(1)) * 10).rounded() / 10,
      ending: made.session.isEndedByModel ? "model" : "time",
      model: ModelIdentity(
        file: modelPath.fileName, step: model.metadata.step,
        sha256: isIdentified ? digest.value(ofFile: modelPath) : nil),
      choice: choiceReport(made), settings: all)
  }

  private func choiceReport(_ made: TakeInProgress) -> ChoiceReport? {
    guard let choice = made.settings.choice, let outcome = made.session.choiceOutcome, let criticPath else {
      return nil
    }
    func rounded(_ value: Double?) -> Double? { value.map { ($0 * 1000).rounded() / 1000 } }
    return ChoiceReport(
      critic: criticPath.fileName, candidates: choice.candidates, phrases: outcome.phrases,
      realism: rounded(outcome.realism), realismOfCandidates: rounded(outcome.realismOfCandidates))
  }

  private static func name(of path: String) -> String { path == "-" ? "standard output" : path }

  private static func seconds(_ ticks: Int) -> Double { TokenTime(rawValue: ticks).seconds.rawValue }

  /// Writes into the music what it takes to make it again.
  private func annotate(_ take: inout Take) {
    let report = take.report
    let digest = report.model.sha256.map { ", SHA-256 \($0)" } ?? ""
    var lines = [
      "Made by aurl \(Aurl.configuration.version)",
      "Model \(report.model.file), step \(report.model.step)\(digest)",
    ]
    if let choice = report.choice { lines.append("Critic \(choice.critic), \(choice.candidates) candidates a phrase") }
    if let step = report.settings.step { lines.append("Take \(step) of the command") }
    lines.append(report.settings.command(seed: report.seed))
    for track in take.score.tracks.indices.prefix(1) {
      take.score.tracks[track].texts += lines.map { TextEvent(tick: .zero, kind: .text, bytes: Array($0.utf8)) }
    }
  }
}

/// The hash of a model's file, which is made when it is first asked for: the music comes first.
final class ModelDigest: Sendable {
  private let known = Mutex<String?>(nil)

  /// Nil where the file is gone.
  func value(ofFile path: String) -> String? {
    known.withLock { known in
      if known == nil { known = (try? readBytes(ofFile: path)).map { $0.withUnsafeBytes(SHA256.hex) } }
      return known
    }
  }
}

extension [Token] {
  /// How long they last, in ticks of 1/64 s.
  fileprivate var ticks: Int {
    reduce(0) { ticks, token in
      if case .timeShift(let shift) = token.meaning { ticks + shift } else { ticks }
    }
  }
}
