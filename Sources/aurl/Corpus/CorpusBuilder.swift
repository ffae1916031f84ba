import Datasets
import MusicCore
import MusicTokens

/// Builds a dataset of the files of folders.
struct CorpusBuilder: Sendable {
  let options: CorpusBuild
  /// The folder of the dataset.
  private var path: String { options.output.withoutTrailingSlashes }

  /// What a file gave.
  private enum Outcome: Sendable {
    case music(Music)
    case skipped(String)
  }

  private struct Music: Sendable {
    var tokens: [UInt16]
    var notes: Int
    var seconds: Double
    var fingerprint: Fingerprint
  }

  /// Builds the dataset, or goes on with a build that was interrupted.
  func run() async throws -> CorpusReport {
    let inputs = try CorpusInput.all(options)
    let interruption = Interruption {}
    do {
      let writer = try DatasetWriter(path: path, settings: settings)
      try await build(inputs, with: writer, interruption)
      if interruption.signal != nil {
        Message.note("interrupted; the same command goes on with it (\(path).partial)")
        interruption.passOn()
      }
      let skipped = writer.records.compactMap(\.skipped).map(Self.kind)
      return CorpusReport(
        path: path, dataset: try Dataset(path: path),
        skipped: Dictionary(skipped.map { ($0, 1) }, uniquingKeysWith: +))
    } catch let error as DatasetError {
      if case .file(let error) = error, error.operation == .write {
        Message.note("what is done is kept in \(path).partial; the same command goes on with it")
      }
      throw Failure(error)
    }
  }

  /// Opens a dataset that a command was given.
  static func open(_ path: String) throws(Failure) -> Dataset {
    do throws(DatasetError) { return try Dataset(path: path) } catch { throw Failure(error) }
  }

  private func build(_ inputs: [CorpusInput], with writer: DatasetWriter, _ interruption: Interruption) async throws {
    try writer.keep(doneCount(of: inputs, in: writer.records))
    let done = writer.records.count
    var known = KnownMusic()
    for piece in writer.records.lazy.compactMap(\.piece) {
      _ = known.insert(Fingerprint(writer.tokens(of: piece) ?? []), name: piece.path, split: piece.split)
    }
    var progress = ProgressLine(isQuiet: options.quiet)
    let builder = self
    try await Parallel.map(inputs.count - done, jobs: options.jobs ?? Parallel.processorCount) { index in
      interruption.signal == nil ? builder.outcome(of: inputs[done + index]) : nil
    } deliver: { index, outcome in
      guard let outcome, interruption.signal == nil else { return }
      let record = try add(outcome, of: inputs[done + index], to: writer, known: &known)
      if !options.quiet, let reason = record.skipped {
        progress.clear()
        Message.note("\(record.input): skipped: \(reason)")
      }
      progress.update("\(done + index + 1) of \(inputs.count) files")
    }
    progress.clear()
    guard interruption.signal == nil else { return }
    guard writer.records.contains(where: { $0.piece != nil }) else {
      throw Failure(.malformedInput, nil, "not one of the files has music for the dataset")
    }
    try writer.finish()
  }

  private func add(
    _ outcome: Outcome, of input: CorpusInput, to writer: DatasetWriter, known: inout KnownMusic
  ) throws -> DatasetWriter.Record {
    var record = DatasetWriter.Record(input: input.path, size: input.size, modified: input.modified)
    switch outcome {
    case .skipped(let reason): record.skipped = reason
    case .music(let music):
      switch known.insert(music.fingerprint, name: input.name, split: input.split) {
      case .duplicate(let original): record.skipped = "the same music as \(original)"
      case .heldOut(let piece): record.skipped = "it shares music with \(piece), which is held out"
      case nil:
        record.piece = Piece(
          split: input.split, path: input.name, group: input.group, notes: music.notes, seconds: music.seconds)
        try writer.append(music.tokens, as: record)
        return record
      }
    }
    try writer.skip(record)
    return record
  }

  /// The kind of a reason, for counting.
  private static func kind(_ reason: String) -> String {
    if reason.hasPrefix("the same music") { return "duplicate" }
    if reason.hasPrefix("it shares music") { return "held out" }
    return reason.hasPrefix("no notes") || reason.hasPrefix("only ") ? "too short" : "unreadable"
  }

  // MARK: Reading

  private func outcome(of input: CorpusInput) -> Outcome {
    do throws(Failure) {
      let tokens = try options.selection.music(input.path)
      let notes = tokens.count { $0.rawValue < 128 }
      guard notes > 0 else { return .skipped("no notes") }
      guard notes >= options.minNotes else { return .skipped("only \(notes) note\(notes == 1 ? "" : "s")") }
      let ticks = tokens.reduce(0) { if case .timeShift(let ticks) = $1.meaning { $0 + ticks } else { $0 } }
      let values = tokens.map(\.rawValue)
      let seconds = Double(ticks) / Double(Token.ticksPerSecond)
      return .music(Music(tokens: values, notes: notes, seconds: seconds, fingerprint: Fingerprint(values)))
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

extension Failure {
  init(_ error: DatasetError) {
    switch error {
    case .file(let error): self.init(error)
    case .malformed(let path, let reason): self.init(.malformedInput, path, reason)
    case .occupied(let path, let reason): self.init(.cannotCreate, path, reason)
    }
  }
}
