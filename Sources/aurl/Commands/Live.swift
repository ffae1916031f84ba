import ArgumentParser
import Improvisation
import Terminal

/// `aurl live`: improvisation with a model.
struct Live: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play together with a model.",
    discussion: helpText(
      [
        "Play and get answers, with aurl's own sound": "aurl live --synth",
        "A session with a file instead of a player, on a simulated clock":
          "aurl live --player song.mid --phrases 8 --offline --record duet.mid",
        "The same to be heard, in real time": "aurl live --player song.mid --phrases 8 --synth",
      ],
      """
      You play and pause, and the model answers; when you come in, it stops. --synth uses aurl's own synthesizer. Ctrl-C ends \
      every note and writes the files of --record and --report. --player FILE plays with a file instead of a person: with \
      --synth in real time, without MIDI ports, and with --offline faster. The same file and seed get the same answers, and a \
      recorded session is reproduced.
      """))

  @OptionGroup var model: ModelOptions

  @Option(
    help:
      "respond: the model answers you; continue: it continues until you play; trade: bars in turn; accompany: it plays while you do (experimental)."
  )
  var mode = DuetSettings.Mode.respond

  @Option(
    help: ArgumentHelp(
      "Use the music of this file as the player's; of a recorded session, the track `you`.", valueName: "file"),
    completion: .music)
  var player: String?

  @Flag(help: "Run on a simulated clock, as fast as possible; needs --player.")
  var offline = false

  @Option(
    help: .time("Let the player pause after every phrase of about this length, until the answer is over."),
    transform: parseTime)
  var phrases: Double?

  @OptionGroup(title: "Ports") var ports: PortArguments
  @OptionGroup(title: "Sound") var sound: LiveSoundOptions
  @OptionGroup(title: "Turns") var turns: TurnArguments
  @OptionGroup(title: "Beats and bars") var beat: BeatArguments
  @OptionGroup(title: "What it plays") var playing: ImprovisationArguments
  @OptionGroup(title: "Accompanying") var accompaniment: AccompanimentArguments
  @OptionGroup(title: "Sampling") var sampling: SamplingArguments

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Assign a function to a control of your instrument: cc:74=temperature:0.6..1.3, note:21=tap. May be repeated.",
      valueName: "control=what"))
  var map: [ControlMapping] = []

  @Option(
    help: ArgumentHelp(
      "Use the options of this name in aurl/live.conf in your configuration folder.", valueName: "name"),
    completion: .presets)
  var preset: String?

  @Flag(help: "List the presets and exit.")
  var listPresets = false

  @Option(help: "The display on a terminal. Default: a roll if there is room, otherwise a line.")
  var display: LiveDisplay.Kind?

  @Option(help: "Random seed. Default: random, and reported.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Write both parts to this MIDI file.", valueName: "file"), completion: .file())
  var record: String?

  @Option(
    help: ArgumentHelp("Write a report as JSON to this file; - is standard output.", valueName: "file"),
    completion: .file())
  var report: String?

  @Flag(help: "Print the costs by which each answer was chosen.")
  var explain = false

  @OptionGroup var messages: QuietOptions

  func validate() throws {
    if listPresets { return }
    guard player != nil || !offline else { throw ValidationError("--offline needs --player FILE.") }
    guard player == nil || offline || ports.synth else {
      throw ValidationError("--player FILE needs --offline, or --synth to be heard in real time.")
    }
    guard player != nil || phrases == nil else { throw ValidationError("--phrases needs --player FILE.") }
    guard player == nil || !ports.areNamed else {
      throw ValidationError("--from, --to and --state-cc do not go with --player FILE, which uses no ports.")
    }
    guard !offline || !ports.isUsed else { throw ValidationError("--offline has no ports and no synthesizer.") }
    guard player == nil || !beat.needsPorts else {
      throw ValidationError("--count-in, --metronome, --clock-out and --sync-offset are for ports.")
    }
    guard ports.synth || !sound.isUsed else {
      throw ValidationError("--soundfont, --audio and --gain need --synth.")
    }
    guard (1...600).contains(phrases ?? 8) else {
      throw ValidationError("--phrases takes 1 to 600 seconds, not \(phrases ?? 0).")
    }
    if explain, messages.isQuiet { throw ValidationError("--explain and --quiet exclude each other.") }
  }

  func run() async throws {
    guard !listPresets else {
      for preset in try LivePreset.read() {
        print(([preset.name] + preset.arguments.map { $0.words.joined(separator: " ") }).joined(separator: " "))
      }
      return
    }
    if offline { try OfflineSession(self).run() } else { try await LiveSession(options: self).run() }
  }

  /// How a piece is played instead of a person: in one tempo if bars are traded. A recorded session contains its own pulse.
  var pieceBeats: PlayerPart.Beats? {
    guard mode == .trade else { return nil }
    return PlayerPart.Beats(tempo: beat.bpm, bars: beat.bars, meter: beat.meter.meaning)
  }

  /// Rejects results that would replace inputs, and names with the extension of another format.
  func checkResults(_ inputs: InputFiles) throws(Failure) {
    for output in [record, report] { try inputs.check(output) }
    try ResultKind.checkMIDI(record)
    try ResultKind.check(report, "JSON", [.json])
  }
}

extension DuetSettings.Mode: ExpressibleByArgument {}
extension LiveDisplay.Kind: ExpressibleByArgument {}
