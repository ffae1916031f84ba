import Datasets
import MusicCore
import MusicTokens

/// Builds a dataset of the files of folders.
struct CorpusBuilder: Sendable {
  let options: CorpusBuild

  /// What a file gave.
  private enum Outcome: Sendable {
    case music(tokens: [UInt16], notes: Int, seconds: Double)
    case skipped(String)
  }

  func run() async throws {
    let inputs = try CorpusInput.all(options)
    guard !inputs.isEmpty else {
      throw Failure(.noInput, options.folders.joined(separator: ", "), "no MIDI or token files there")
    }
    do {
      try await build(inputs)
    } catch let error as DatasetError { throw Failure(error) }
  }

  private func build(_ inputs: [CorpusInput]) async throws {
    let writer = try DatasetWriter(path: options.output, settings: settings)
    try writer.keep(doneCount(of: inputs, in: writer.records))
    let done = writer.records.count
    var duplicates = Duplicates()
    for record in writer.records {
      if let piece = record.piece, let tokens = writer.tokens(of: piece) {
        _ = duplicates.insert(tokens, name: piece.path)
      }
    }
    var progress = ProgressLine(isQuiet: options.quiet)
    let builder = self
    try await Parallel.map(inputs.count - done, jobs: options.jobs ?? Parallel.processorCount) { index in
      builder.outcome(of: inputs[done + index])
    } deliver: { index, outcome in
      try add(outcome, of: inputs[done + index], to: writer, duplicates: &duplicates, progress: &progress)
      progress.update("\(done + index + 1) of \(inputs.count) files")
    }
    progress.clear()
    guard writer.records.contains(where: { $0.piece != nil }) else {
      throw Failure(.malformedInput, nil, "not one of the files has music for the dataset")
    }
    try writer.finish()
  }

  private func add(
    _ outcome: Outcome, of input: CorpusInput, to writer: DatasetWriter, duplicates: inout Duplicates,
    progress: inout ProgressLine
  ) throws {
    var record = DatasetWriter.Record(input: input.path, size: input.size, modified: input.modified)
    switch outcome {
    case .skipped(let reason): record.skipped = reason
    case .music(let tokens, let notes, let seconds):
      if let original = duplicates.insert(tokens, name: input.name) {
        record.skipped = "the same music as \(original)"
      } else {
        record.piece = Piece(
          split: input.split, path: input.name, group: input.group, notes: notes, seconds: seconds)
        return try writer.append(tokens, as: record)
      }
    }
    try writer.skip(record)
    if !options.quiet, let reason = record.skipped {
      progress.clear()
      Message.note("\(input.path): skipped: \(reason)")
    }
  }

  // MARK: Reading

  private func outcome(of input: CorpusInput) -> Outcome {
    do throws(Failure) {
      let tokens: [Token]
      switch try Input(path: input.path, options: options.selection.reading) {
      case .midi(let file):
        try options.selection.check(file.score, path: input.path)
        tokens = try options.selection.tokens(of: file.score, path: input.path)
      case .tokens(let file):
        // Whoever wrote them: in a dataset they are canonical.
        let score = try TokenDecoder(isStrict: options.selection.strict).decode(file, path: input.path).score
        tokens = try TokenOptions.canonical(score, path: input.path)
      }
      let notes = tokens.count { $0.rawValue < 128 }
      guard notes > 0 else { return .skipped("no notes") }
      guard notes >= options.minNotes else { return .skipped("only \(notes) note\(notes == 1 ? "" : "s")") }
      let ticks = tokens.reduce(0) { if case .timeShift(let ticks) = $1.meaning { $0 + ticks } else { $0 } }
      return .music(
        tokens: tokens.map(\.rawValue), notes: notes, seconds: Double(ticks) / Double(Token.ticksPerSecond))
    } catch { return .skipped(error.message) }
  }

  // MARK: Going on

  /// Everything that decides what the files become.
  private var settings: String {
    let selection = options.selection
    return """
      pedal \(selection.pedal) drums \(selection.drums) tracks \(selection.tracks) channels \(selection.channels) \
      sequence \(selection.sequence) strict \(selection.strict) min-notes \(options.minNotes)
      """
  }

  /// How many inputs of a build that was interrupted are done and still the same.
  private func doneCount(of inputs: [CorpusInput], in records: [DatasetWriter.Record]) -> Int {
    zip(inputs, records).prefix { input, record in
      input.path == record.input && input.size == record.size && input.modified == record.modified
        && record.piece.map { $0.split == input.split && $0.group == input.group && $0.path == input.name } ?? true
    }.count
  }
}

extension TokenOptions {
  /// The canonical tokens of a score that was decoded from tokens.
  static func canonical(_ score: Score, path: String) throws(Failure) -> [Token] {
    do throws(EncodingError) { return try TokenEncoder().encode(score) } catch { throw Failure(error, path: path) }
  }
}

extension Failure {
  init(_ error: DatasetError) {
    switch error {
    case .file(let error): self.init(error)
    case .malformed(let path, let reason): self.init(.malformedInput, path, reason)
    }
  }
}
