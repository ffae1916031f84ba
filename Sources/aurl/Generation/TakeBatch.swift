import MIDIPorts
import MusicCore

/// The takes of one command.
struct TakeBatch {
  let options: Generate

  func run() async throws {
    let maker = try maker()
    let count = options.takeCount
    let progress = TakeProgress(count: count, isQuiet: options.quiet)
    let queue = TakeQueue(maker, count: count, jobs: jobs)
    var failure: (any Error)?
    var score: Score?
    var finished = InOrder<Result<TakeMaker.Take, any Error>>()
    try await Parallel.map(count, jobs: jobs) { _ in
      queue.finishOne(progress)
    } deliver: { _, made in
      progress.clear()
      finished.insert(made.outcome, at: made.index)
      while let outcome = finished.next() {
        switch outcome {
        case .success(let take):
          try tell(take)
          score = take.score
        case .failure(let error):
          if let failure { Message.error("\(failure)") }
          failure = error
        }
      }
    }
    progress.clear()
    if let failure { throw failure }
    if let port = options.play, let score { try await play(score, to: port) }
  }

  /// What is wrong with the files that are to be written is said before any work.
  private func maker() throws -> TakeMaker {
    if options.destination == "-" { try Output.requireBinaryDestination(options.output) }
    let output = try options.files(options.destination, fileExtension: "mid")
    let format = try output.map { try $0.format }
    let sound = try options.files(options.render, fileExtension: options.sound.format.container.rawValue)
    if let sound { _ = try RenderBatch.output(sound.path(of: 0)) }
    let rendering = sound == nil ? nil : try options.sound.settings().forJobs(jobs)
    let model = try options.model.load()
    var settings = options.settings
    settings.prompt = try options.source.promptMusic(isQuiet: options.quiet)
    return TakeMaker(
      model: model, modelPath: try options.model.path(), first: settings,
      latents: try options.source.latents(model, isQuiet: options.quiet), settings: options.described, output: output,
      sound: sound, rendering: rendering, isIdentified: options.json || format == .midi)
  }

  private var jobs: Int { min(options.takeCount, options.jobs ?? Parallel.processorCount) }

  private func tell(_ take: TakeMaker.Take) throws {
    if options.json {
      try Output.print(JSONText.line(take.report))
    } else if !options.quiet {
      Message.note(take.report.summary)
    }
    if let warning = take.renderWarning { Message.warning(warning) }
  }

  private func play(_ score: Score, to port: String) async throws {
    try await PlayingSession(
      performance: Performance(score), to: port, start: .zero, speed: 1, isLooping: false,
      progress: SharedProgressLine(isQuiet: options.quiet)
    ).run()
  }
}
