import ArgumentParser
import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

/// `aurl decode`: tokens to MIDI.
struct Decode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn tokens into MIDI files.",
    discussion: helpText(
      [
        "Music of tokens": "aurl decode song.tokens -o song.mid",
        "From a pipe": "aurl encode song.mid | aurl decode - -o again.mid",
        "A folder of tokens": "aurl decode tokens -o music",
      ],
      """
      One file goes to standard output or to -o FILE. Several files, or folders with all token files in them, go \
      to the folder -o DIR; what cannot be read is skipped, with its reason.
      """))

  @Argument(help: "Token files in any of the four formats, or folders; - is standard input.", completion: .tokens)
  var files: [String]

  @Option(
    name: .shortAndLong, help: "The MIDI file to write, or the folder for several.",
    completion: .file(extensions: ["mid"]))
  var output: String?

  @Option(help: "The tempo of the notation, 10…1000 quarter notes a minute; the sound is the same at all.")
  var tempo = 120.0

  @Option(help: "The General MIDI program of the track, 0…127.")
  var program: UInt8 = 0

  @Flag(help: "Refuse a stream that needs a repair.")
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
        throw Failure(.usage, nil, "several files and folders need a folder for the result: -o DIR")
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

  /// Decodes one of many files.
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
