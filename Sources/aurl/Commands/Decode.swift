import ArgumentParser
import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

/// `aurl decode`: decodes tokens to MIDI.
struct Decode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decode tokens to MIDI files.",
    discussion: helpText(
      [
        "The music of a token file": "aurl decode song.tokens -o song.mid",
        "From a pipe": "aurl encode song.mid | aurl decode - -o again.mid",
        "A folder of tokens": "aurl decode tokens -o music",
      ],
      """
      One file is written to standard output or to -o FILE. Several files, and all token files in folders, are written \
      to the folder -o DIR; unreadable files are skipped with a message.
      """))

  @Argument(help: "Token files in any of the four formats, or folders; - is standard input.", completion: .tokens)
  var files: [String]

  @Option(
    name: .shortAndLong, help: "The MIDI file to write, or the folder for several.",
    completion: .file(extensions: ["mid"]))
  var output: String?

  @Option(help: "The notated tempo, 10…1000 quarter notes per minute; it does not affect the sound.")
  var tempo = 120.0

  @Option(help: "The General MIDI program of the track, 0…127.")
  var program: UInt8 = 0

  @Flag(help: "Reject a stream that needs a repair.")
  var strict = false

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  func validate() throws {
    guard TokenDecoder.tempos.contains(tempo) else { throw ValidationError("--tempo \(tempo): it is 10…1000") }
    guard Program(rawValue: program) != nil else { throw ValidationError("--program \(program): it is 0…127") }
  }

  func run() async throws {
    if BatchInput.isNeeded(for: files) {
      guard let output, output != "-" else {
        throw Failure(.usage, nil, "several files and folders need a folder for the results: -o DIR")
      }
      let batch = FolderBatch(
        verb: "decoded", kind: .tokens, folder: output, counts: [.notes, .tokens, .repairs], jobs: work.count,
        isJSON: printing.isJSON, isQuiet: messages.isQuiet)
      let options = self
      try await batch.run(files) { input, conversion throws(Failure) in try options.convert(input, &conversion) }
    } else {
      try decodeOne(files[0])
    }
  }

  private var decoder: TokenDecoder { TokenDecoder(tempo: tempo, program: Program(masking: program), isStrict: strict) }

  /// Decodes one of several files.
  private func convert(_ input: BatchInput, _ result: inout Conversion) throws(Failure) {
    let file = try Input.tokens(input.path)
    let decoded = try decoder.decode(file, path: input.path)
    result[.notes] = decoded.score.noteCount
    result[.tokens] = file.tokens.count
    result[.repairs] = decoded.repairs.reduce(0) { $0 + $1.count }
    try result.write(Output.midi(decoded.score, from: input.path), to: "\(input.result).mid")
  }

  private func decodeOne(_ path: String) throws {
    try Output.requireBinaryDestination(output)
    try InputFiles([path]).check(output)
    try ResultKind.checkMIDI(output)
    let decoded = try decoder.decode(Input.tokens(path), path: path)
    if !messages.isQuiet { Message.repairs(decoded.repairs, of: path) }
    try Output.write(Output.midi(decoded.score, from: path), to: output)
  }
}
