import ArgumentParser
import Terminal
import Text

/// `aurl inspect`: what is in files.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in MIDI and token files.",
    discussion: helpText(
      [
        "What is in a file": "aurl inspect song.mid",
        "The same for a program": "aurl inspect song.mid --json",
        "A table of all files in a folder": "aurl inspect music",
      ],
      """
      Also what was repaired while reading, and how exactly tokens keep the music. Several files, or folders with all \
      MIDI and token files in them, make a table with a row for each; what cannot be read is skipped, with its reason. \
      JSON is of the schema aurl-inspect/1, a line for each file.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String]

  @OptionGroup var selection: TokenOptions

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func run() async throws {
    guard !BatchInput.isNeeded(for: files) else { return try await InspectionBatch(options: self).run(files) }
    let inspection = try Inspection(path: files[0], options: selection)
    try Output.print(printing.isJSON ? JSONText.line(inspection.report) : inspection.summary(style: terminal.style))
  }
}
