import ArgumentParser
import Audio
import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

/// `aurl decode`: tokens to MIDI.
struct Decode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Turn tokens into a MIDI file.")

  @Argument(help: "A token file in any of the four formats, or - for standard input.", completion: .tokens)
  var tokens: String

  @Option(
    name: .shortAndLong, help: "The MIDI file to write; standard output by default.",
    completion: .file(extensions: ["mid"]))
  var output: String?

  @Option(help: "The tempo of the notation, 10…1000 quarter notes a minute; the sound is the same at all.")
  var tempo = 120.0

  @Option(help: "The General MIDI program of the track, 0…127.")
  var program: UInt8 = 0

  @Flag(help: "Refuse a stream that needs a repair.")
  var strict = false

  @Flag(name: .shortAndLong, help: "No messages about repairs.")
  var quiet = false

  func validate() throws {
    guard TokenDecoder.tempos.contains(tempo) else { throw ValidationError("--tempo \(tempo): it is 10…1000") }
    guard Program(rawValue: program) != nil else { throw ValidationError("--program \(program): it is 0…127") }
  }

  /// Refuses names of files that are known to be something else.
  private func checkExtension() throws(Failure) {
    guard let output else { return }
    if let sound = AudioFormat.Container(path: output) {
      throw Failure(
        .usage, output, "the extension says \(sound.rawValue), and the result is MIDI; `aurl render` makes sound")
    }
    if case .tokens(let format)? = try? TakeFormat(path: output) {
      throw Failure(.usage, output, "the extension says tokens (\(format.rawValue)), and the result is MIDI")
    }
  }

  func run() async throws {
    try Output.requireBinaryDestination(output)
    try InputFiles([tokens]).check(output)
    try checkExtension()
    let file = try Input.tokens(tokens)
    let decoder = TokenDecoder(tempo: tempo, program: Program(masking: program), isStrict: strict)
    let decoded = try decoder.decode(file, path: tokens)
    if !quiet { Message.repairs(decoded.repairs, of: tokens) }
    try Output.write(Output.midi(decoded.score, from: tokens), to: output)
  }
}
