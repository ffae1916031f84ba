import ArgumentParser
import Datasets
import Terminal

/// `aurl corpus`: datasets for training.
struct Corpus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build datasets of music for training.",
    discussion: helpText(
      [
        "A dataset of two folders": "aurl corpus build music more -o dataset",
        "A tenth of the works for a test as well": "aurl corpus build music -o dataset --test-share 0.1",
      ]), subcommands: [CorpusBuild.self, CorpusInfo.self])
}

/// `aurl corpus build`: builds a dataset from MIDI and token files.
struct CorpusBuild: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a dataset from all MIDI and token files in folders.",
    discussion: helpText(
      [
        "A dataset of two folders": "aurl corpus build music more -o dataset",
        "A tenth of the works for a test as well": "aurl corpus build music -o dataset --test-share 0.1",
      ],
      """
      A manifest assigns files to splits: a tab-separated table with the columns "path", "split" (train, valid or test) \
      and "group" (the work). Without one, folders named train, valid and test are the splits; otherwise a share of the \
      works is held out, where each folder is a work. Duplicates are used once. The same command resumes an interrupted \
      build. The JSON has the schema aurl-corpus/1.
      """))

  @Argument(help: "Folders of MIDI and token files.", completion: .directory)
  var folders: [String]

  @Option(name: .shortAndLong, help: "The folder of the dataset to write.", completion: .directory)
  var output: String

  @Option(help: "The manifest; by default manifest.tsv in each folder, if it exists.", completion: .file())
  var manifest: String?

  @Option(help: "The share of works in the validation split, 0…1, for works that the manifest does not assign.")
  var validShare = 0.05

  @Option(
    name: [.customLong("test-share"), .customLong("test")],
    help: "The share of works in the test split, 0…1, for works that the manifest does not assign.")
  var testShare = 0.0

  @Option(help: "Skip pieces with fewer notes.")
  var minNotes = 16

  @OptionGroup var selection: TokenOptions

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    for (name, share) in [("valid", validShare), ("test", testShare)] where !(0...1).contains(share) {
      throw ValidationError("--\(name)-share \(share): from 0 to 1")
    }
    if validShare + testShare > 1 { throw ValidationError("the sum of --valid-share and --test-share exceeds 1") }
    if minNotes < 1 { throw ValidationError("--min-notes \(minNotes): at least one") }
    if folders.isEmpty { throw ValidationError("name a folder with music") }
  }

  var shares: SplitShares { SplitShares(valid: validShare, test: testShare) }

  func run() async throws {
    let report = try await CorpusBuilder(options: self).run()
    if printing.isJSON {
      try Output.print(report.json())
    } else if !messages.isQuiet {
      try Output.print(report.summary(style: terminal.style))
    }
  }
}

/// `aurl corpus info`: the statistics of a dataset.
struct CorpusInfo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Check a dataset and show its statistics.",
    discussion: helpText(
      [
        "The statistics of a dataset": "aurl corpus info dataset"
      ]))

  @Argument(help: "A dataset.", completion: .directory)
  var dataset: String

  @OptionGroup var printing: JSONOptions

  @OptionGroup var terminal: TerminalOptions

  func run() async throws {
    let report = CorpusReport(path: dataset, dataset: try CorpusBuilder.open(dataset))
    if let damaged = report.dataset.firstDamagedPiece() {
      throw Failure(.malformedInput, dataset, "the tokens of \(damaged.path) are not those it was built with")
    }
    try Output.print(printing.isJSON ? report.json() : report.summary(style: terminal.style))
  }
}
