import Audio
import Glibc
import MusicCore

/// The renderings of one command, run several at a time.
struct RenderBatch: Sendable {
  /// A rendering whose score is read when its turn comes.
  private typealias Item = @Sendable (RenderSettings) throws -> Rendering

  let settings: RenderSettings
  let isJSON: Bool
  let isQuiet: Bool
  private var items: [Item] = []

  init(settings: RenderSettings, isJSON: Bool, isQuiet: Bool) {
    self.settings = settings
    self.isJSON = isJSON
    self.isQuiet = isQuiet
  }

  /// Adds one file that is rendered to `output`, or several, or folders, that are rendered into it.
  mutating func add(_ files: [String], to output: String, container: AudioFormat.Container) throws(Failure) {
    guard BatchInput.isNeeded(for: files) || output != "-" && Folder.exists(output) else {
      return add(files[0], try Self.output(output))
    }
    guard output != "-" else { throw Failure(.usage, nil, "several files need a folder for the result: -o DIR") }
    for input in try BatchInput.all(files, of: .midiOrTokens) {
      let path = "\(output)/\(input.result).\(container.rawValue)"
      try Folder.createParent(of: path)
      add(input.path, .file(path, container))
    }
  }

  private mutating func add(_ file: String, _ output: Rendering.Output) {
    let isQuiet = isQuiet
    items.append { settings in
      Rendering(input: file, score: try Input.score(file, isQuiet: isQuiet), settings: settings, output: output)
    }
  }

  /// Adds one rendering for each stem of a file.
  mutating func addStems(of file: String, to folder: String, container: AudioFormat.Container) throws(Failure) {
    let score = try Input.score(file, isQuiet: isQuiet)
    try Folder.create(folder)
    for stem in Part.stems(of: score) {
      let output = Rendering.Output.file("\(folder)/\(stem.name).\(container.rawValue)", container)
      items.append { settings in
        Rendering(input: file, score: score, part: stem.part, settings: settings, output: output)
      }
    }
    if items.isEmpty { throw Failure(.malformedInput, Input.name(of: file), "holds no notes") }
  }

  static func output(_ path: String) throws(Failure) -> Rendering.Output {
    if path == "-" { return .standardOutput }
    // A pipe or a device has no use for an extension.
    guard let container = AudioFormat.Container(path: path) ?? (isStream(path) ? .wav : nil) else {
      throw Failure(.usage, path, "the extension says no sound format; use .wav, .flac or .ogg")
    }
    return .file(path, container)
  }

  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Renders at most `jobs` at once, and reports each in the order in which they were added.
  ///
  /// - Throws: the failure of a single rendering; of several, the last, after all others are done.
  func run(jobs: Int) async throws {
    let progress = RenderProgress(count: items.count, isQuiet: isQuiet)
    var failures: [any Error] = []
    let items = items
    let settings = settings.forJobs(min(jobs, items.count))
    try await Parallel.map(items.count, jobs: jobs) { index in
      Result { try items[index](settings).run { progress.update(index, $0) } }
    } deliver: { _, outcome in
      progress.clear()
      switch outcome {
      case .success(let report): try tell(report)
      case .failure(let error):
        if let earlier = failures.last { Message.error("\(earlier)") }
        failures.append(error)
      }
    }
    progress.clear()
    if let failure = failures.last { throw failure }
  }

  private func tell(_ report: RenderReport) throws {
    if isJSON { try Output.print(JSONText.line(report)) } else if !isQuiet { Message.note(report.summary) }
    if let warning = report.warning(gain: settings.synthesizer.gain) { Message.warning(warning) }
  }
}
