public import ArgumentParser
public import MusicAnalysis
import Terminal

extension Analysis.Feature: ExpressibleByArgument {}

extension EventTable: ExpressibleByArgument {}

/// `aurl analyze`: music analysis.
struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyze the rhythm, harmony, melody and dynamics of music.",
    discussion: helpText(
      [
        "Key, meter, chords and more": "aurl analyze song.mid",
        "A page with a piano roll": "aurl analyze song.mid --html song.html",
        "The same with the critic's score of each passage": "aurl analyze take.mid --critique --html take.html",
        "The mistakes in a take": "aurl analyze take.mid --against score.mid",
      ],
      """
      Finds beats, meter, keys, chords, cadences, sections, motives and crescendi, each with a confidence, and computes \
      metrics used in research. Folders stand for all MIDI and token files in them; unreadable files are skipped with a \
      message. The JSON has the schema aurl-analysis/1, one line per file.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String] = []

  @OptionGroup var printing: JSONOptions

  @Flag(help: "Print a table of comma-separated values, one row per file.")
  var csv = false

  @Option(
    help:
      "Print a tab-separated table: notes, bars, beats, chords, keys, cadences, phrases or sections.")
  var table: EventTable?

  @OptionGroup var outputs: AnalysisFiles

  @Option(
    help:
      "Compare each file, a take, with this score or other take of the piece: mistakes, tempo, evenness of the hands.",
    completion: .music)
  var against: String?

  @Flag(help: "Show in the page of --html how real the critic finds each passage (see aurl critique).")
  var critique = false

  @OptionGroup var critic: CriticOptions

  @Option(help: "Only these parts, separated by commas: rhythm, harmony, form, melody, dynamics, metrics.")
  var features = FeatureList()

  @Option(parsing: .upToNextOption, help: "Compare the music of two folders by the distributions of mgeval.")
  var compare: [String] = []

  @OptionGroup var work: JobsOptions

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    if [printing.isJSON, csv, table != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--json, --csv and --table exclude each other")
    }
    if against != nil, csv || table != nil || !outputs.isPageOnly || !compare.isEmpty {
      throw ValidationError("--against can be combined only with --json and --html")
    }
    if critique, outputs.html == nil || against != nil {
      throw ValidationError("--critique needs --html, and excludes --against")
    }
    if critic.critic != nil, !critique { throw ValidationError("--critic needs --critique") }
    if against == "-", files.contains("-") {
      throw ValidationError("--against -: standard input can be read only once")
    }
    if compare.isEmpty, files.isEmpty { throw ValidationError("name a file or folder to analyze") }
    if !compare.isEmpty, compare.count != 2 || !files.isEmpty || csv || table != nil || !outputs.isEmpty {
      throw ValidationError("--compare takes two folders, and can be combined only with --json")
    }
  }

  func run() async throws {
    if compare.isEmpty {
      try await AnalysisBatch(options: self).run()
    } else {
      try await SetComparison(options: self).run()
    }
  }
}
