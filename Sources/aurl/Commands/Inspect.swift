import ArgumentParser
import Terminal
import Text

/// `aurl inspect`: what is in a file.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a MIDI or token file.",
    discussion: "Also what was repaired while reading, and how exactly tokens keep the music.")

  @Argument(help: "A MIDI or token file, or - for standard input.", completion: .music)
  var file: String

  @OptionGroup var selection: TokenOptions

  @Flag(help: "Print JSON (schema aurl-inspect/1).")
  var json = false

  @OptionGroup var terminal: TerminalOptions

  func run() async throws {
    let inspection = try Inspection(path: file, options: selection)
    try Output.print(json ? JSONText.line(inspection.report) : inspection.summary(style: terminal.style))
  }
}
