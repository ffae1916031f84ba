import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

extension Decode {
  /// Decodes several files into a folder.
  func decodeAll() async throws {
    let batch = FolderBatch(
      verb: "decoded", kind: .tokens, folder: try FolderBatch.folder(output), counts: [.notes, .tokens, .repairs],
      jobs: work.count, isJSON: printing.isJSON, isQuiet: messages.isQuiet)
    try await batch.run(files) { input, conversion throws(Failure) in try convert(input, &conversion) }
  }

  private var decoder: TokenDecoder { TokenDecoder(tempo: tempo, program: Program(masking: program), isStrict: strict) }

  /// Decodes one of several files.
  private func convert(_ input: BatchInput, _ result: inout Conversion) throws(Failure) {
    let decoded = try decode(input.path, &result)
    try result.write(Output.midi(decoded.score, from: input.path), to: "\(input.result).mid")
  }

  private func decode(_ path: String, _ result: inout Conversion) throws(Failure) -> TokenDecoder.Decoded {
    let file = try Input.tokens(path)
    let decoded = try decoder.decode(file, path: path)
    result[.notes] = decoded.score.noteCount
    result[.tokens] = file.tokens.count
    result[.repairs] = decoded.repairs.reduce(0) { $0 + $1.count }
    return decoded
  }

  /// Decodes a single file.
  func decodeOne(_ path: String) throws {
    try Output.requireBinaryDestination(output)
    var conversion = try Conversion.single(
      path, to: output, counts: [.notes, .tokens, .repairs], isJSON: printing.isJSON)
    try ResultKind.checkMIDI(output)
    let decoded = try decode(path, &conversion)
    if !messages.isQuiet { Message.repairs(decoded.repairs, of: path) }
    try Output.write(Output.midi(decoded.score, from: path), to: output)
    if printing.isJSON { try conversion.printJSON(output: output) }
  }
}
