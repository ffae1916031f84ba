public import ArgumentParser
import MIDIFiles
public import MusicTokens
import Terminal

extension TokenFile.Format: ExpressibleByArgument {}

/// `aurl encode`: encodes MIDI as tokens.
struct Encode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Encode MIDI files as tokens.",
    discussion: helpText(
      [
        "Tokens as numbers": "aurl encode song.mid",
        "A folder as NumPy arrays, on all processors": "aurl encode music --format npy -o tokens",
      ],
      """
      One file is written to standard output or to -o FILE. Several files, and all MIDI files in folders, are written \
      to the folder -o DIR; unreadable files are skipped with a message.
      """))

  @Argument(help: "MIDI files or folders, or - for standard input.", completion: .midi)
  var files: [String]

  @Option(name: .shortAndLong, help: "The token file to write, or the folder for several.", completion: .file())
  var output: String?

  @Option(help: "The format of the tokens. Default: that of the output's extension, otherwise ids.")
  var format: TokenFile.Format?

  @OptionGroup var selection: TokenOptions

  @Flag(help: "Write one token file per track with notes; needs -o DIR.")
  var perTrack = false

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  func run() async throws {
    if perTrack || BatchInput.isNeeded(for: files) {
      guard let output, output != "-" else {
        throw Failure(.usage, nil, "several files, folders and --per-track need a folder for the results: -o DIR")
      }
      let batch = FolderBatch(
        verb: "encoded", kind: .midi, folder: output, counts: [.notes, .tokens, .repairs], jobs: work.count,
        isJSON: printing.isJSON, isQuiet: messages.isQuiet)
      let options = self
      try await batch.run(files) { input, conversion throws(Failure) in try options.convert(input, &conversion) }
    } else {
      try encodeOne(files[0])
    }
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

  private func encodeOne(_ path: String) throws {
    try InputFiles([path]).check(output)
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
  }
}
