import Audio
import Files
import MusicCore
import Synthesis
import Terminal
import Text

/// The renderings of one command, several at a time.
struct RenderBatch: Sendable {
  /// A rendering whose score is read when it starts.
  private struct Item: Sendable {
    var name: String
    var rendering: @Sendable (RenderSettings) throws(Failure) -> Rendering
  }

  let settings: RenderSettings
  let isJSON: Bool
  let isQuiet: Bool
  private var items: [Item] = []

  init(settings: RenderSettings, isJSON: Bool, isQuiet: Bool) {
    self.settings = settings
    self.isJSON = isJSON
    self.isQuiet = isQuiet
  }

  /// Adds one file to be rendered to `output`, or several files or folders to be rendered into it.
  mutating func add(_ files: [String], to output: String, container: AudioFormat.Container) throws(Failure) {
    guard BatchInput.isNeeded(for: files) || output != "-" && Folder.exists(output) else {
      let result = try Self.output(output)
      try inputs(files).check(output)
      return add(BatchInput(path: files[0], result: ""), result)
    }
    guard output != "-" else { throw Failure(.usage, nil, "several files need a folder for the results: -o DIR") }
    let all = try BatchInput.all(files, of: .midiOrTokens)
    let inputs = inputs(all.map(\.path))
    for input in all {
      let path = "\(output)/\(input.result).\(container.rawValue)"
      add(input, .file(path, container)) { () throws(Failure) in
        try inputs.check(path)
        try Output.createParent(of: path)
      }
    }
  }

  /// Adds files to be rendered to files of the same name in their folders.
  mutating func addBeside(_ files: [String], container: AudioFormat.Container, replacing: Bool) throws(Failure) {
    if let file = files.first(where: { $0 == "-" || Folder.exists($0) }) {
      throw Failure(.usage, Input.name(of: file), "name the audio file, or a folder for several, with -o")
    }
    let inputs = inputs(files)
    for input in try BatchInput.all(files, of: .midiOrTokens) {
      let path = "\(input.path.withoutMusicExtension).\(container.rawValue)"
      let prepare: @Sendable () throws(Failure) -> Void = { () throws(Failure) in
        try inputs.check(path)
        if !replacing, (try? FileStatus(path: path)) != nil {
          throw Failure(.cannotCreate, path, "already exists; --force replaces it, -o names another file")
        }
      }
      try prepare()
      add(input, .file(path, container), preparing: prepare)
    }
  }

  private mutating func add(
    _ input: BatchInput, _ output: Rendering.Output,
    preparing prepare: @escaping @Sendable () throws(Failure) -> Void = { () throws(Failure) in }
  ) {
    let isQuiet = isQuiet
    items.append(
      Item(name: input.name) { settings throws(Failure) in
        try input.check()
        let music = try RenderInput(input.path, isQuiet: isQuiet)
        try prepare()
        return Rendering(
          input: input.name, score: music.score, sounds: music.sounds, settings: settings, output: output)
      })
  }

  /// Adds one rendering for each stem of a file.
  mutating func addStems(of file: String, to folder: String, container: AudioFormat.Container) throws(Failure) {
    let music = try RenderInput(file, isQuiet: isQuiet)
    try Output.createFolder(folder)
    let inputs = inputs([file])
    for stem in ScorePart.stems(of: music.score) {
      let path = "\(folder)/\(stem.name).\(container.rawValue)"
      items.append(
        Item(name: path) { settings throws(Failure) in
          try inputs.check(path)
          return Rendering(
            input: Input.name(of: file), score: music.score, sounds: music.sounds, part: stem.part, settings: settings,
            output: .file(path, container))
        })
    }
    if items.isEmpty { throw Failure(.malformedInput, Input.name(of: file), "holds no notes") }
  }

  private func inputs(_ files: [String]) -> InputFiles { InputFiles(files + [settings.soundFont.path]) }

  static func output(_ path: String) throws(Failure) -> Rendering.Output {
    if let output = Rendering.Output(path: path) { return output }
    throw Failure(.usage, path, "the extension names no audio format; use .wav, .flac, .ogg, .opus or .mp3")
  }

  /// Renders at most `jobs` at once, and reports each in the order in which they were added.
  ///
  /// - Throws: the failure of a single rendering; for several, the failure of `BatchTally` after all others are done.
  func run(jobs: Int) async throws {
    let progress = RenderProgress(count: items.count, isQuiet: isQuiet)
    let items = items
    let settings = settings.forJobs(min(jobs, items.count))
    let batch = Batch(names: items.map(\.name), jobs: jobs, verb: "rendered", policy: .fail, progress: progress)
    let tally = try await batch.run { (index) throws(Failure) -> RenderReport in
      let rendering = try items[index].rendering(settings)
      do throws(Rendering.Failure) { return try rendering.run { progress.update(index, $0) } } catch {
        throw Failure(error, of: rendering)
      }
    } deliverResult: {
      try tell($0)
    }
    try tally.check()
  }

  private func tell(_ report: RenderReport) throws {
    if isJSON { try Output.print(JSONText.line(report)) } else if !isQuiet { Message.note(report.summary) }
    if let warning = report.warning(gain: settings.synthesizer.gain) { Message.warning(warning) }
  }
}
