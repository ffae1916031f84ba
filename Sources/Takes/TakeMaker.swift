internal import Files
package import Generation
package import Inference
internal import ModelFormat
package import MusicCore
internal import MusicTokens
package import Synthesis
internal import Text

/// Generates takes and writes their files; several can be in progress at once.
package struct TakeMaker: Sendable {
  package var model: Model
  /// The file of the model.
  package var modelFile: HashedFile
  /// The path of the critic, if there is one.
  package var criticPath: String?
  /// The settings of the first take. Seeds of later takes count up, except with several latent sources.
  package var first: GenerationSettings
  /// The score of the prompt, if it comes from a MIDI file.
  package var promptScore: Score?
  /// Whether results leave out the prompt.
  package var isOnlyNew = false
  /// The latent sources of the takes; a single one applies to all.
  package var latents: [LatentSource]
  /// The settings of all takes for reports and for the files.
  package var settings: TakeSettings
  /// The music files; nil to write none.
  package var output: TakeFiles?
  /// The format of the music files.
  package var format: TakeFormat
  /// The sound files; nil to write none.
  package var sound: TakeFiles?
  package var rendering: RenderSettings?
  /// Whether reports and files identify the model by its hash, which takes longer to compute than a short take.
  package var isIdentified: Bool
  /// The name and version of the program, for the files.
  package var program: String
  /// The amount of music by which a take advances at once, in ticks: long enough to make up for loading its key-value cache
  /// into the processor's caches.
  private static let portion = TokenTime(Seconds(4))

  package init(
    model: Model, file modelFile: HashedFile, first: GenerationSettings, latents: [LatentSource] = [.prior],
    settings: TakeSettings, format: TakeFormat = .midi, isIdentified: Bool = false, program: String
  ) {
    self.model = model
    self.modelFile = modelFile
    self.first = first
    self.latents = latents
    self.settings = settings
    self.format = format
    self.isIdentified = isIdentified
    self.program = program
  }

  /// A take that has been written.
  package struct Take: Sendable {
    package var report: TakeReport
    package var score: Score
    /// A warning about clipping in the rendering.
    package var renderWarning: String?
  }

  /// Begins a take.
  func begin(_ index: Int) -> TakeInProgress {
    var settings = first
    settings.latents = latents[index % latents.count]
    if latents.count == 1 { settings.seed &+= UInt64(index) }
    return TakeInProgress(index, model, settings)
  }

  /// Advances a take by some seconds of music.
  ///
  /// - Returns: False if the take has ended.
  func advance(_ take: TakeInProgress, _ progress: some TakeProgress) throws(TakeError) -> Bool {
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
    } catch { throw .generation(error, model: modelFile.path) }
    return false
  }

  /// Writes the files of a take that has ended.
  func finish(_ made: TakeInProgress, _ progress: some TakeProgress) throws(TakeError) -> Take {
    let tokens = (made.settings.prompt?.tokens ?? []) + made.tokens
    var take = Take(report: report(made), score: try decode(tokens))
    let continuation = Continuation(take.score, after: made.settings.prompt?.length ?? .zero)
    if isOnlyNew {
      take.score = continuation.newMusic
    } else if let promptScore {
      take.score = continuation.joined(to: promptScore)
    }
    annotate(&take)
    try write(made.index, &take, tokens: isOnlyNew ? try encode(take.score) : tokens)
    progress.finishTake(after: made.tokens.duration)
    return take
  }

  private func decode(_ tokens: [Token]) throws(TakeError) -> Score {
    do throws(TokenRepair) { return try TokenDecoder(isStrict: true).decode(tokens).score } catch {
      throw .repair(error)
    }
  }

  private func encode(_ score: Score) throws(TakeError) -> [Token] {
    do throws(TokenEncodingError) { return try TokenEncoder().encode(score) } catch { throw .encoding(error) }
  }

  private func report(_ made: TakeInProgress) -> TakeReport {
    var all = self.settings
    if latents.count > 1 { all.step = made.index + 1 }
    let (tokens, prompt) = (made.tokens, made.settings.prompt?.length)
    return TakeReport(
      output: output.map { Self.name(of: $0.path(of: made.index)) },
      sound: sound.map { Self.name(of: $0.path(of: made.index)) }, seed: made.settings.seed,
      seconds: tokens.duration.seconds.rawValue, promptSeconds: prompt?.seconds.rawValue, tokens: tokens.count,
      notes: tokens.count(where: \.isNoteOn),
      tokensPerSecond: rounded(Double(tokens.count) / (made.elapsed / .seconds(1)), places: 1),
      ending: made.session.isEndedByModel ? "model" : "time",
      model: ModelIdentity(
        file: modelFile.path.fileName, step: model.metadata.step,
        sha256: isIdentified ? try? modelFile.sha256() : nil),
      chords: chords(of: made), choice: choiceReport(made), settings: all)
  }

  /// The chords that the new music of a take follows; nil without a chart.
  private func chords(of made: TakeInProgress) -> [ChordReport]? {
    guard let chart = made.session.chart else { return nil }
    let start = made.settings.prompt?.length ?? .zero
    let end = start + made.tokens.duration
    return chart.entries.filter { $0.end > start && $0.start < end }.map { entry in
      ChordReport(
        startSeconds: rounded(max(0, (entry.start - start).seconds.rawValue), places: 3),
        chord: entry.chord.symbol(in: entry.key), key: entry.key.description)
    }
  }

  private func choiceReport(_ made: TakeInProgress) -> ChoiceReport? {
    guard let choice = made.settings.choice, let outcome = made.session.choiceOutcome, let criticPath else {
      return nil
    }
    return ChoiceReport(
      critic: criticPath.fileName, candidates: choice.candidates, phrases: outcome.phrases,
      realism: outcome.realism.map(rounded), realismOfCandidates: outcome.realismOfCandidates.map(rounded))
  }

  private static func name(of path: String) -> String { path == "-" ? "standard output" : path }

  /// Adds text events with everything that is needed to generate the take again.
  private func annotate(_ take: inout Take) {
    let report = take.report
    let digest = report.model.sha256.map { ", SHA-256 \($0)" } ?? ""
    var lines = [
      "Made by \(program)",
      "Model \(report.model.file), step \(report.model.step)\(digest)",
    ]
    if let choice = report.choice { lines.append("Critic \(choice.critic), \(choice.candidates) candidates a phrase") }
    if let step = report.settings.step { lines.append("Take \(step) of the command") }
    lines.append(report.settings.command(seed: report.seed))
    guard !take.score.tracks.isEmpty else { return }
    // A prompt can have lyrics and markers later on.
    let place = take.score.tracks[0].texts.firstIndex { $0.tick > .zero } ?? take.score.tracks[0].texts.endIndex
    take.score.tracks[0].texts.insert(
      contentsOf: lines.map { TextEvent(tick: .zero, kind: .text, bytes: Array($0.utf8)) }, at: place)
  }
}
