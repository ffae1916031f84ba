public import ArgumentParser
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
      try await encodeAll()
    } else {
      try encodeOne(files[0])
    }
  }
}
