import ArgumentParser
import Terminal
import Text

/// `aurl inspect`: the contents of files.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the contents of MIDI and token files.",
    discussion: helpText(
      [
        "The contents of a file": "aurl inspect song.mid",
        "The same as JSON": "aurl inspect song.mid --json",
        "A table of all files in a folder": "aurl inspect music",
      ],
      """
      Also lists the repairs made while reading, and how exactly tokens represent the music. Several files, and all MIDI \
      and token files in folders, are shown in a table with one row per file; unreadable files are skipped with a message. \
      The JSON has the schema aurl-inspect/1, one line per file.
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
