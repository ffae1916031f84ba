import Audio
import Files
import Glibc
import MusicCore

/// The renderings of one command, run several at a time.
struct RenderBatch: Sendable {
  /// A rendering whose score is read when its turn comes.
  private struct Item: Sendable {
    var input: String
    var rendering: @Sendable () throws -> Rendering
  }

  var settings: RenderSettings
  var isJSON: Bool
  var isQuiet: Bool
  private var items: [Item] = []

  init(settings: RenderSettings, isJSON: Bool, isQuiet: Bool) {
    self.settings = settings
    self.isJSON = isJSON
    self.isQuiet = isQuiet
  }

  /// Adds one file that is rendered to `output`, or several, or folders, that are rendered into it.
  mutating func add(_ files: [String], to output: String, container: AudioFormat.Container) throws {
    if files.count == 1, output == "-" {
      guard isatty(STDOUT_FILENO) == 0 else {
        throw Failure(.usage, "standard output", "is a terminal; write to a file or a pipe")
      }
      return append(files[0], .standardOutput)
    }
    let inputs = try musicFiles(files)
    if !inputs.isFolder, !isFolder(output) {
      guard let container = AudioFormat.Container(path: output) else {
        throw Failure(.usage, output, "the extension says no sound format; use .wav, .flac or .ogg")
      }
      return append(files[0], .file(output, container))
    }
    try makeFolder(output)
    for file in inputs.files {
      append(file.path, .file("\(output)/\(file.name).\(container.rawValue)", container))
    }
  }

  /// Adds one rendering for each stem of a file.
  mutating func addStems(of file: String, to folder: String, container: AudioFormat.Container) throws {
    let score = try loadScore(file)
    try makeFolder(folder)
    for stem in Part.stems(of: score) {
      let output = Rendering.Output.file("\(folder)/\(stem.name).\(container.rawValue)", container)
      items.append(Item(input: file) { [settings] in
        Rendering(input: file, score: score, part: stem.part, settings: settings, output: output)
      })
    }
  }

  private mutating func append(_ file: String, _ output: Rendering.Output) {
    items.append(Item(input: file) { [settings] in
      Rendering(input: file, score: try loadScore(file), settings: settings, output: output)
    })
  }

  /// Renders at most `jobs` at once, and reports each in the order in which they were added.
  ///
  /// - Throws: the failure of a single rendering; of several, the last, after all others are done.
  func run(jobs: Int) async throws {
    let progress = ProgressLine(count: items.count, isQuiet: isQuiet)
    let failures = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      var outcomes: [Outcome?] = Array(repeating: nil, count: items.count)
      var failures: [any Error] = []
      var reported = 0
      func receive(_ index: Int, _ outcome: Outcome) throws {
        outcomes[index] = outcome
        while reported < items.count, let outcome = outcomes[reported] {
          try report(outcome, progress, &failures)
          reported += 1
        }
      }
      for (index, item) in items.enumerated() {
        if index >= jobs, let (done, outcome) = try await group.next() { try receive(done, outcome) }
        group.addTask { (index, Result { try item.rendering().run { progress.update(index, $0) } }) }
      }
      while let (done, outcome) = try await group.next() { try receive(done, outcome) }
      return failures
    }
    progress.clear()
    if let failure = failures.last { throw failure }
  }

  private typealias Outcome = Result<RenderReport, any Error>

  private func report(
    _ outcome: Outcome, _ progress: ProgressLine, _ failures: inout [any Error]
  ) throws {
    progress.clear()
    switch outcome {
    case .success(let report):
      if isJSON { print(try jsonLine(report)) } else if !isQuiet { note(report.summary) }
      if let warning = report.warning(gain: settings.synthesizer.gain) { note("Warning: \(warning)") }
    case .failure(let error):
      // The last one is told by the program as it ends.
      if let earlier = failures.last { note("Error: \(earlier)") }
      failures.append(error)
    }
  }

  private func note(_ text: String) { writeError("\(text)\n") }
}
