import ArgumentParser
import Audio
import MIDIFiles
import MusicCore
import MusicTokens
import Takes
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

  @Option(help: "How many files to decode at once; by default as many as there are processors.")
  var jobs: Int?

  @Flag(help: "With -o DIR: a JSON line for each file, then one for all.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no messages about repairs.")
  var quiet = false

  func validate() throws {
    guard TokenDecoder.tempos.contains(tempo) else { throw ValidationError("--tempo \(tempo): it is 10…1000") }
    guard Program(rawValue: program) != nil else { throw ValidationError("--program \(program): it is 0…127") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): at least one") }
  }

  func run() async throws {
    if BatchInput.isNeeded(for: files) {
      guard let output, output != "-" else {
        throw Failure(.usage, nil, "several files and folders need a folder for the result: -o DIR")
      }
      try await BatchDecoding(options: self, folder: output).run(files)
    } else {
      try decodeOne(files[0])
    }
  }

  var decoder: TokenDecoder { TokenDecoder(tempo: tempo, program: Program(masking: program), isStrict: strict) }

  private func decodeOne(_ path: String) throws {
    try Output.requireBinaryDestination(output)
    try InputFiles([path]).check(output)
    try checkExtension()
    let decoded = try decoder.decode(Input.tokens(path), path: path)
    if !quiet { Message.repairs(decoded.repairs, of: path) }
    try Output.write(Output.midi(decoded.score, from: path), to: output)
  }

  /// Refuses names of files that are known to be something else.
  private func checkExtension() throws(Failure) {
    guard let output else { return }
    if let sound = AudioFormat.Container(path: output) {
      throw Failure(
        .usage, output, "the extension says \(sound.rawValue), and the result is MIDI; `aurl render` makes sound")
    }
    if case .tokens(let format)? = TakeFormat(path: output) {
      throw Failure(.usage, output, "the extension says tokens (\(format.rawValue)), and the result is MIDI")
    }
  }
}
