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
      MIDI and token files in them, make a table with a row for each; what cannot be read is skipped, with its reason.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String]

  @OptionGroup var selection: TokenOptions

  @Option(help: "How many files to read at once; by default as many as there are processors.")
  var jobs: Int?

  @Flag(help: "Print JSON (schema aurl-inspect/1); a line for each file where there are several.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no reasons for what is left out.")
  var quiet = false

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): at least one") }
  }

  func run() async throws {
    guard !BatchInput.isNeeded(for: files) else { return try await InspectionBatch(options: self).run(files) }
    let inspection = try Inspection(path: files[0], options: selection)
    try Output.print(json ? JSONText.line(inspection.report) : inspection.summary(style: terminal.style))
  }
}
