import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

extension Encode {
  /// Encodes several files into a folder.
  func encodeAll() async throws {
    let batch = FolderBatch(
      verb: "encoded", kind: .midi,
      folder: try FolderBatch.folder(output, of: "several files, folders and --per-track"),
      counts: [.notes, .tokens, .repairs], jobs: work.count, isJSON: printing.isJSON, isQuiet: messages.isQuiet)
    try await batch.run(files) { input, conversion throws(Failure) in try convert(input, &conversion) }
  }

  /// The format of a file, by --format or its extension.
  private func format(of output: String?) throws(Failure) -> TokenFile.Format {
    guard let kind = ResultKind(path: output) else { return format ?? .ids }
    guard case .tokens(let named) = kind else { throw kind.contradiction(output, "tokens") }
    guard format ?? named == named else {
      throw Failure(.usage, output, "the extension says \(named.rawValue), but --format says \(format ?? named)")
    }
    return named
  }

  /// Encodes a single file.
  func encodeOne(_ path: String) throws {
    var conversion = try Conversion.single(
      path, to: output, counts: [.notes, .tokens, .repairs], isJSON: printing.isJSON)
    let format = try format(of: output)
    if format == .npy { try Output.requireBinaryDestination(output) }
    let file = try Input.midi(path, options: selection.reading)
    try selection.check(file.score, path: path)
    if !messages.isQuiet {
      Message.repairs(file.repairs, of: path)
      selection.tellOfDrums(in: file.score, path: path)
    }
    let tokens = try selection.tokens(of: file.score, path: path)
    try Output.write(TokenFile.bytes(of: tokens, from: file.score, path: path, format: format), to: output)
    guard printing.isJSON else { return }
    count(file, &conversion)
    conversion[.tokens] = tokens.count
    try conversion.printJSON(output: output)
  }

  /// Encodes one of several files.
  private func convert(_ input: BatchInput, _ result: inout Conversion) throws(Failure) {
    let file = try Input.midi(input.path, options: selection.reading)
    try selection.check(file.score, path: input.path)
    count(file, &result)
    for (name, tracks) in parts(of: file.score, named: input.result) {
      let tokens = try selection.tokens(of: file.score, path: input.path, tracks: tracks)
      result[.tokens] += tokens.count
      let bytes = TokenFile.bytes(of: tokens, from: file.score, path: input.path, format: format ?? .ids)
      try result.write(bytes, to: "\(name).\(fileExtension)")
    }
  }

  /// Counts the notes of a file and the repairs that were needed.
  private func count(_ file: MIDIFile, _ result: inout Conversion) {
    result[.notes] = file.score.noteCount
    result[.repairs] = file.repairs.filter(\.kind.isDamage).reduce(0) { $0 + $1.count }
  }

  /// The token files of a score: one, or one per track with notes.
  private func parts(of score: Score, named name: String) -> [(name: String, tracks: Set<Int>?)] {
    guard perTrack else { return [(name, nil)] }
    let selected = selection.encoding.tracks
    return score.tracks.indices
      .filter { !score.tracks[$0].notes.isEmpty && selected?.contains($0) ?? true }
      .map { ("\(name).track\($0 + 1)", [$0]) }
  }

  private var fileExtension: String {
    switch format ?? .ids {
    case .ids, .names: "tokens"
    case .json: "json"
    case .npy: "npy"
    }
  }
}
