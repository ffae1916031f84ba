import MIDIPorts
import MusicCore

/// The takes of one command.
struct TakeBatch {
  let options: Generate

  func run() async throws {
    let maker = try maker()
    let count = options.takeCount
    let progress = TakeProgress(count: count, isQuiet: options.quiet)
    var failure: (any Error)?
    var score: Score?
    try await Parallel.map(count, jobs: min(count, options.jobs ?? Parallel.processorCount)) { index in
      Result { try maker.make(index, progress) }
    } deliver: { _, outcome in
      progress.clear()
      switch outcome {
      case .success(let take):
        try tell(take)
        score = take.score
      case .failure(let error):
        if let failure { Message.error("\(failure)") }
        failure = error
      }
    }
    progress.clear()
    if let failure { throw failure }
    if let port = options.play, let score { try await play(score, to: port) }
  }

  private func maker() throws -> TakeMaker {
    let options = options
    // What is wrong with the files is said before any work.
    if options.destination == "-" { try Output.requireBinaryDestination(options.output) }
    let output = try options.files(options.destination, fileExtension: "mid")
    if let output, output.path != "-", !output.isFolder { _ = try TakeFormat(path: output.path) }
    let sound = try options.files(options.render, fileExtension: options.sound.format.container.rawValue)
    if let sound, !sound.isFolder { _ = try RenderBatch.output(sound.path) }
    let rendering = sound == nil ? nil : try options.sound.settings()
    let modelPath = try options.model.path()
    let model = try options.model.load()
    var settings = options.settings
    settings.prompt = try options.source.promptMusic(isQuiet: options.quiet)
    return TakeMaker(
      model: model, modelPath: modelPath, first: settings,
      latents: try options.source.latents(model, isQuiet: options.quiet), settings: options.described, output: output,
      sound: sound, rendering: rendering?.forJobs(min(options.takeCount, options.jobs ?? Parallel.processorCount)))
  }

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
