import ArgumentParser
import Generation
import Terminal

/// `aurl generate`: music by a model.
struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make music with a model.",
    discussion: helpText(
      [
        "Twenty seconds of new music": "aurl generate --seconds 20 -o take.mid --render take.wav",
        "Continue a piece from its end": "aurl generate --prompt song.mid --seconds 30 -o longer.mid",
      ],
      """
      The extension of the output selects the format: .mid, or .tokens, .names, .json or .npy for tokens. Several takes \
      are numbered, or written to a folder. Seed, model and settings are written into the MIDI file: the same command makes \
      the same take again.
      """))

  @Option(
    name: .shortAndLong, help: "The file to write, or a folder; - is MIDI on standard output.", completion: .file())
  var output: String?

  @OptionGroup var model: ModelOptions

  @Option(
    help: .time("The length of the new music, up to 10 hours. Default: until the model ends it, 20 to 60 s."),
    transform: parseTime)
  var seconds: Double?

  @Option(
    help: """
      natural: within the last fifth of the time, at a rest, on the tonic where there is one; exact: when the time is up. \
      Default: natural without --seconds, exact with it.
      """)
  var ending: Ending?

  @Option(
    help: ArgumentHelp(
      "The form as letters, such as AABA: a repeated letter begins like its first section. Without --seconds, 60 s.",
      valueName: "letters"),
    transform: parseForm)
  var form: Form?

  @Option(help: "Random seed: the same seed gives the same take. Default: random, and reported.")
  var seed: UInt64?

  @OptionGroup(title: "Sampling") var sampling: SamplingArguments
  @OptionGroup(title: "Source of the music") var source: SourceArguments
  @OptionGroup(title: "Harmony") var harmony: HarmonyArguments
  @OptionGroup(title: "Constraints") var constraints: ConstraintArguments

  @OptionGroup(title: "Candidates") var choice: ChoiceArguments

  @Option(help: "Number of takes; their seeds are consecutive.")
  var count: Int?

  @OptionGroup var work: JobsOptions

  @Option(
    help: "The audio file to render the take to: .wav, .flac, .ogg, .opus or .mp3, or a folder.", completion: .file())
  var render: String?

  @OptionGroup(title: "Sound") var sound: SoundOptions

  @Option(help: ArgumentHelp("Play the take to this MIDI port.", valueName: "port"), completion: .outputPorts)
  var play: String?

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  /// The minimum and maximum length of a take without `--seconds`, in seconds.
  static let shortestTake = 20.0
  static let longestTake = 60.0

  func validate() throws {
    if let seconds, !(seconds >= 1 / 64 && seconds <= 36_000) {
      throw ValidationError("--seconds takes 1/64 to 36000 seconds, not \(seconds).")
    }
    if let form, let length = seconds, length < 4 * Double(form.letters.count) {
      throw ValidationError("--form \(form) needs 4 s for each section, --seconds \(4 * form.letters.count) or more.")
    }
    if let count, !(1...1_000_000).contains(count) { throw ValidationError("--count takes 1 to 1000000.") }
    if count != nil, source.takes != nil { throw ValidationError("--count and --between exclude each other.") }
    if takeCount > 1, play != nil { throw ValidationError("--play takes one take at a time.") }
    if destination == "-", render == "-" { throw ValidationError("-o and --render: only one to standard output.") }
    if printing.isJSON, destination == "-" || render == "-" {
      throw ValidationError("--json needs standard output for itself.")
    }
  }

  func run() async throws { try await TakeBatch(options: self).run() }
}
