import ArgumentParser
import Audio
import Generation
import MIDIPorts
import MusicCore
import Playing
import Synthesis
import Takes
import Terminal
import Text

/// Generates the takes of one command.
struct TakeBatch {
  let options: Generate

  func run() async throws {
    let maker = try maker()
    // Problems with the port are reported before anything is generated.
    var connection: PortConnection?
    if let port = options.play { connection = try await PortConnection(port, direction: .output) }
    let count = options.takeCount
    let progress = TakeProgressLine(
      count: count, longest: maker.first.length ?? .zero, isQuiet: options.messages.isQuiet)
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
      case .failure(let error): return Failure(error)
      }
    }
    try tally.check()
    if let connection, let score { try await play(score, on: connection) }
  }

  /// Checks all output files before any work.
  private func maker() throws -> TakeMaker {
    if options.destination == "-" { try Output.requireBinaryDestination(options.output) }
    let output = try options.files(options.destination, fileExtension: "mid")
    let format = try output.map { (output) throws(Failure) -> TakeFormat in
      if let format = output.format { return format }
      if let kind = ResultKind(path: output.path(of: 0)) {
        throw kind.contradiction(output.path(of: 0), "MIDI or tokens")
      }
      let folder = options.takeCount > 1 ? "; the name of a folder ends in a slash" : ""
      throw Failure(
        .usage, output.path(of: 0),
        "the extension names no format; use .mid, or .tokens, .names, .json or .npy for tokens\(folder)")
    }
    let sound = try options.files(options.render, fileExtension: options.sound.container.rawValue)
    try options.sound.check(options.render)
    if let sound { _ = try RenderBatch.output(sound.path(of: 0)) }
    let rendering = sound == nil ? nil : try options.sound.settings().forJobs(jobs)
    let model = try options.model.load()
    let modelFile = try options.model.file()
    let criticPath = try options.choice.path(with: options.model)
    let inputs = InputFiles(
      options.source.inputs
        + [modelFile.path, criticPath, options.harmony.chordsOf].compactMap { $0 }
        + [rendering?.soundFont.path].compactMap { $0 })
    for index in 0..<options.takeCount {
      for files in [output, sound] { try inputs.check(files?.path(of: index)) }
    }
    var settings = options.settings
    settings.choice = try options.choice.choice(with: options.model, file: modelFile)
    settings.harmony = try options.harmony.harmony(
      model, key: options.constraints.key.flatMap(Key.init), length: settings.length ?? .zero,
      isFreeByDefault: options.source.hasLatents || options.form != nil, isQuiet: options.messages.isQuiet)
    settings.threads = max(1, options.work.count / jobs)
    var described = options.described
    described.candidates = settings.choice?.candidates ?? options.choice.candidates
    let prompt = try options.source.promptMusic(isQuiet: options.messages.isQuiet)
    settings.prompt = prompt?.music
    settings.adaptation = try options.source.adaptation(isQuiet: true)
    var maker = TakeMaker(
      model: model, file: modelFile, first: settings,
      latents: try options.source.latents(model, isQuiet: options.messages.isQuiet), settings: described,
      format: format ?? .midi, isIdentified: options.printing.isJSON || format == .midi,
      program: "aurl \(Aurl.configuration.version)")
    maker.criticPath = criticPath
    maker.promptScore = prompt?.score
    maker.isOnlyNew = options.source.onlyNew
    (maker.output, maker.sound, maker.rendering) = (output, sound, rendering)
    return maker
  }

  private var jobs: Int { min(options.takeCount, options.work.count) }

  private func tell(_ take: TakeMaker.Take) throws {
    if options.printing.isJSON {
      try Output.print(JSONText.line(take.report))
    } else if !options.messages.isQuiet {
      Message.note(take.report.summary)
    }
    if let warning = take.renderWarning { Message.warning(warning) }
  }

  private func play(_ score: Score, on connection: PortConnection) async throws {
    try await PlayingSession(
      performance: Performance(score), to: options.play, start: .zero, speed: 1, isLooping: false,
      progress: SharedProgressLine(isQuiet: options.messages.isQuiet), connection: connection
    ).run()
  }
}
