import MIDIFiles
import MusicCore
import MusicTokens

/// Encodes many files into a folder.
struct BatchEncoding {
  let options: Encode
  let folder: String

  /// What became of a file.
  private struct Outcome: Encodable {
    var file: String
    var notes = 0
    var tokens = 0
    var repairs = 0
    var error: String?
  }

  private struct Summary: Encodable {
    var files = 0
    var encoded = 0
    var skipped = 0
    var notes = 0
    var tokens = 0
    var repairs = 0
  }

  func run(_ inputs: [String]) async throws {
    let jobs = try BatchInput.all(inputs, of: .midi)
    try Folder.create(folder)
    var progress = ProgressLine(isQuiet: options.quiet)
    var summary = Summary(files: jobs.count)
    let batch = self
    try await Parallel.map(jobs.count, jobs: options.jobs ?? Parallel.processorCount) { index in
      batch.encode(jobs[index])
    } deliver: { index, outcome in
      if let error = outcome.error {
        summary.skipped += 1
        progress.clear()
        Message.note("\(outcome.file): skipped: \(error)")
      } else {
        summary.encoded += 1
        summary.notes += outcome.notes
        summary.tokens += outcome.tokens
        summary.repairs += outcome.repairs
      }
      if options.json { try Output.print(JSONText.line(outcome)) }
      progress.update("\(index + 1) of \(jobs.count) files")
    }
    progress.clear()
    try report(summary)
  }

  private func report(_ summary: Summary) throws {
    if options.json {
      try Output.print(JSONText.line(["summary": summary]))
    } else if !options.quiet {
      Message.note(
        """
        \(summary.encoded) of \(summary.files) files encoded, \(summary.skipped) skipped: \
        \(summary.notes) notes, \(summary.tokens) tokens, \(summary.repairs) repairs
        """)
    }
    if summary.encoded == 0 { throw Failure(.malformedInput, nil, "not one of the files could be encoded") }
  }

  // MARK: Encoding

  private func encode(_ job: BatchInput) -> Outcome {
    var outcome = Outcome(file: job.path)
    do throws(Failure) {
      let file = try Input.midi(job.path, options: options.selection.reading)
      try options.selection.check(file.score, path: job.path)
      try Folder.createParent(of: "\(folder)/\(job.result)")
      outcome.notes = file.score.noteCount
      outcome.repairs = file.repairs.filter(\.kind.isDamage).reduce(0) { $0 + $1.count }
      for (name, tracks) in parts(of: file.score, named: job.result) {
        let tokens = try options.selection.tokens(of: file.score, path: job.path, tracks: tracks)
        outcome.tokens += tokens.count
        let path = "\(folder)/\(name).\(fileExtension)"
        let bytes = TokenFile.bytes(of: tokens, from: file.score, path: job.path, format: options.format)
        try Output.write(bytes, to: path)
      }
    } catch { outcome.error = error.message }
    return outcome
  }

  /// The token files a score makes: one, or one for each track with notes.
  private func parts(of score: Score, named name: String) -> [(name: String, tracks: Set<Int>?)] {
    guard options.perTrack else { return [(name, nil)] }
    let selected = options.selection.encoding.tracks
    return score.tracks.indices
      .filter { !score.tracks[$0].notes.isEmpty && selected?.contains($0) ?? true }
      .map { ("\(name).track\($0 + 1)", [$0]) }
  }

  private var fileExtension: String {
    switch options.format {
    case .ids, .names: "tokens"
    case .json: "json"
    case .npy: "npy"
    }
  }
}
