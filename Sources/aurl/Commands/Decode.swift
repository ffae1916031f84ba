import ArgumentParser
import MIDIFiles
import MusicCore
import MusicTokens

/// `aurl decode`: tokens to MIDI.
struct Decode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Turn tokens into a MIDI file.")

  @Argument(help: "A token file in any of the four formats, or - for standard input.")
  var tokens: String

  @Option(name: .shortAndLong, help: "The MIDI file to write; standard output by default.")
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

  func run() async throws {
    try Output.requireBinaryDestination(output)
    let file = try Input.tokens(tokens)
    let decoder = TokenDecoder(tempo: tempo, program: Program(clamping: program), isStrict: strict)
    let decoded = try decoder.decode(file, path: tokens)
    if !quiet { Message.repairs(decoded.repairs, of: tokens) }
    try Output.write(Output.midi(decoded.score, from: tokens), to: output)
  }
}
