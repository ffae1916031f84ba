import ArgumentParser
import MIDIPorts
import MusicCore

struct Play: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a MIDI file or a token file on a MIDI port.",
    discussion: """
      Without --to, a port is created, and playing begins when it is connected. Ctrl-C ends every note.
      """)

  @Argument(help: "The MIDI file or token file to play; - is standard input.")
  var file: String

  @Option(help: "The port to play to: its number, name, or a part of the name.")
  var to: String?

  @Option(help: "How many times as fast as written.")
  var speed = 1.0

  @Option(help: "Where to begin: seconds, or minutes and seconds such as 1:30.")
  var fromTime: TimePosition?

  @Flag(help: "Play it again and again.")
  var loop = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    guard speed >= 0.01, speed <= 1000 else { throw ValidationError("--speed is 0.01 to 1000") }
  }

  func run() async throws {
    let score = try Input.score(file)
    try await PlayingSession(
      performance: Performance(score), to: to, start: fromTime?.time ?? .zero, speed: speed,
      isLooping: loop, progress: SharedProgressLine(isQuiet: quiet)
    ).run()
  }
}
