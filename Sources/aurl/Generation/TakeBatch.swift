import Audio
import Generation
import MusicCore
import Playing
import Synthesis
import Terminal
import Text

/// The takes of one command.
struct TakeBatch {
  let options: Generate

  func run() async throws {
    let maker = try maker()
    let count = options.takeCount
    let progress = TakeProgress(count: count, isQuiet: options.quiet)
    let queue = TakeQueue(maker, count: count, jobs: jobs)
    var score: Score?
    let batch = Batch(
      names: (1...count).map { "take \($0)" }, jobs: jobs, verb: "made", policy: .fail, progress: progress)
    let tally = try await batch.runInAnyOrder { _ in
      queue.finishOne(progress)
    } deliver: { _, outcome in
      switch outcome {
      case .success(let take):
        try tell(take)
        score = take.score
        return nil
      case .failure(let failure): return failure
      }
    }
    try tally.check()
    if let port = options.play, let score { try await play(score, to: port) }
  }

  /// What is wrong with the files that are to be written is said before any work.
  private func maker() throws -> TakeMaker {
    if options.destination == "-" { try Output.requireBinaryDestination(options.output) }
    let output = try options.files(options.destination, fileExtension: "mid")
    let format = try output.map { try $0.format }
    let sound = try options.files(options.render, fileExtension: options.sound.container.rawValue)
    try options.sound.check(options.render)
    if let sound { _ = try RenderBatch.output(sound.path(of: 0)) }
    let rendering = sound == nil ? nil : try options.sound.settings().forJobs(jobs)
    let model = try options.model.load()
    let inputs = InputFiles(
      options.source.inputs + [try options.model.path(), try options.choice.path()].compactMap { $0 }
        + [rendering?.soundFont.path].compactMap { $0 })
    for index in 0..<options.takeCount {
      for files in [output, sound] { try inputs.check(files?.path(of: index)) }
    }
    var settings = options.settings
    settings.choice = try options.choice.choice()
    let prompt = try options.source.promptMusic(isQuiet: options.quiet)
    settings.prompt = prompt?.music
    return TakeMaker(
      model: model, modelPath: try options.model.path(), criticPath: try options.choice.path(), first: settings,
      promptScore: prompt?.score, isOnlyNew: options.source.onlyNew,
      latents: try options.source.latents(model, isQuiet: options.quiet), settings: options.described, output: output,
      sound: sound, rendering: rendering, isIdentified: options.json || format == .midi)
  }

  private var jobs: Int { min(options.takeCount, options.jobs ?? Environment.processorCount) }

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
