public import ArgumentParser
import MIDIFiles
public import MusicTokens

extension TokenFile.Format: ExpressibleByArgument {}

/// `aurl encode`: MIDI to tokens.
struct Encode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn MIDI files into tokens.",
    discussion: """
      One file goes to standard output or to -o FILE. Several files, or folders with all MIDI files in them, go \
      to the folder -o DIR; what cannot be read is skipped, with its reason.
      """)

  @Argument(help: "MIDI files or folders, or - for standard input.")
  var files: [String]

  @Option(name: .shortAndLong, help: "The token file to write, or the folder for several.")
  var output: String?

  @Option(help: "How to write tokens.")
  var format = TokenFile.Format.ids

  @OptionGroup var selection: TokenOptions

  @Flag(help: "A token file for each track with notes; needs -o DIR.")
  var perTrack = false

  @Option(help: "How many files to encode at once; by default as many as there are processors.")
  var jobs: Int?

  @Flag(help: "With -o DIR: a JSON line for each file, then one for all.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no messages about repairs.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): at least one") }
  }

  func run() async throws {
    if perTrack || BatchInput.isNeeded(for: files) {
      guard let output, output != "-" else {
        throw Failure(.usage, nil, "several files, folders and --per-track need a folder for the result: -o DIR")
      }
      try await BatchEncoding(options: self, folder: output).run(files)
    } else {
      try encodeOne(files[0])
    }
  }

  private func encodeOne(_ path: String) throws {
    if format == .npy { try Output.requireBinaryDestination(output) }
    let file = try Input.midi(path, options: selection.reading)
    try selection.check(file.score, path: path)
    if !quiet { Message.repairs(file.repairs, of: path) }
    let tokens = try selection.tokens(of: file.score, path: path)
    try Output.write(TokenFile.bytes(of: tokens, from: file.score, path: path, format: format), to: output)
  }
}
