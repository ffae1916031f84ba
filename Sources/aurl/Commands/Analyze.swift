public import ArgumentParser
public import MusicAnalysis
import Terminal

extension Analysis.Feature: ExpressibleByArgument {}

extension EventTable: ExpressibleByArgument {}

/// `aurl analyze`: what is in the music.
struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find rhythm, harmony, melody and dynamics of music.",
    discussion: helpText(
      [
        "Key, meter, chords and more": "aurl analyze song.mid",
        "A page with a piano roll": "aurl analyze song.mid --html song.html",
        "The same with the critic's scores of each passage": "aurl analyze take.mid --critique --html take.html",
        "What went wrong in a take": "aurl analyze take.mid --against score.mid",
      ],
      """
      Beats, meter, keys, chords, cadences, sections, motives, crescendi and the metrics of research, each with how \
      sure it is. Of folders all MIDI and token files are analyzed; what cannot be read is skipped, with its reason. \
      JSON is of the schema aurl-analysis/1, a line for each file.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String] = []

  @OptionGroup var printing: JSONOptions

  @Flag(help: "Print a table of comma-separated values, a row for each file.")
  var csv = false

  @Option(
    help:
      "Print a table with tabs between its columns: notes, bars, beats, chords, keys, cadences, phrases or sections.")
  var table: EventTable?

  @OptionGroup var outputs: AnalysisFiles

  @Option(
    help:
      "Lay each file, a take, beside this score or other take of the piece: mistakes, tempo, evenness of the hands.",
    completion: .music)
  var against: String?

  @Flag(help: "Show in the page of --html how real the critic finds each passage (see aurl critique).")
  var critique = false

  @OptionGroup var critic: CriticOptions

  @Option(help: "Only these parts, with commas between: rhythm, harmony, form, melody, dynamics, metrics.")
  var features = FeatureList()

  @Option(parsing: .upToNextOption, help: "Compare the music of two folders, by mgeval's distributions.")
  var compare: [String] = []

  @OptionGroup var work: JobsOptions

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    if [printing.isJSON, csv, table != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--json, --csv and --table: one of the three")
    }
    if against != nil, csv || table != nil || !outputs.isPageOnly || !compare.isEmpty {
      throw ValidationError("--against takes --json and --html alone")
    }
    if critique, outputs.html == nil || against != nil {
      throw ValidationError("--critique is for --html, without --against")
    }
    if critic.critic != nil, !critique { throw ValidationError("--critic needs --critique") }
    if against == "-", files.contains("-") {
      throw ValidationError("--against -: standard input can be read only once")
    }
    if compare.isEmpty, files.isEmpty { throw ValidationError("name a file or folder to analyze") }
    if !compare.isEmpty, compare.count != 2 || !files.isEmpty || csv || table != nil || !outputs.isEmpty {
      throw ValidationError("--compare takes two folders, and --json")
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
