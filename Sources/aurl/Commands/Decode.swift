import ArgumentParser
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
      try await decodeAll()
    } else {
      try decodeOne(files[0])
    }
  }
}
