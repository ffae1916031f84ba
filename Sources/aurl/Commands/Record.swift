import ArgumentParser
import MIDIPorts
import MusicCore
import Terminal

struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record from a MIDI port.",
    discussion: helpText(
      [
        "A keyboard, until Ctrl-C": "aurl record --from Keystation -o take.mid"
      ],
      """
      The take begins with the first message and ends with Ctrl-C. It is saved continuously next to its destination, as \
      take.partial.mid for take.mid. Without --from, a port is created and waits to be connected.
      """))

  @Option(name: .shortAndLong, help: "The MIDI file to write.", completion: .file())
  var output: String

  @Option(help: "The port to record: its number, name, or a part of the name.", completion: .inputPorts)
  var from: String?

  @Option(help: .time("End after this time."), transform: parseTime)
  var seconds: Double?

  @Option(help: .time("End when nothing has been played and no key held for this time."), transform: parseTime)
  var untilSilence: Double?

  @Flag(help: "Print the token stream of the music, one id per line.")
  var tokens = false

  func validate() throws {
    for case let (name, limit?) in [("seconds", seconds), ("until-silence", untilSilence)]
    where !(limit > 0 && limit < 1e9) { throw ValidationError("--\(name) takes a time greater than 0, not \(limit).") }
  }

  func run() async throws {
    try ResultKind.checkMIDI(output)
    try await RecordingSession(
      output: output, from: from, limit: seconds.map { Seconds($0) }, silence: untilSilence.map { Seconds($0) },
      tokens: tokens
    ).run()
  }
}
