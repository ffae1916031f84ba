public import ArgumentParser
public import Datasets
import Evaluation
import Terminal
import Text

extension Split: ExpressibleByArgument {}

/// `aurl evaluate`: how good a model is.
struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a model on held-out music.",
    discussion: helpText(
      [
        "How well a model predicts music that it has not seen":
          "aurl evaluate held-out --model model.safetensors --quick"
      ],
      """
      How well it predicts the music, compared with baselines; the information in its latents; and how similar its takes are \
      to real music. The folder contains MIDI and token files, or is a dataset, of which one split is used. \
      docs/evaluate.md defines every figure.
      """))

  @Argument(help: "A folder of held-out music, or a dataset.", completion: .directory)
  var folder: String

  @Option(help: "The part of the dataset to measure on.")
  var split = Split.valid

  @OptionGroup var model: ModelOptions

  @Option(
    help: "The training music, a folder or a dataset, for n-gram baselines and memorization.",
    completion: .directory)
  var training: String?

  @Option(help: ArgumentHelp("A model without latents to compare with.", valueName: "file"), completion: .model)
  var decoderOnly: String?

  @Option(help: "Number of windows, evenly spaced. (default: all)")
  var windows: Int?

  @Option(help: "Number of latent samples for the bound of a window. (default: 64)")
  var samples: Int?

  @Option(help: "How many takes to generate; 0 for none. (default: 200)")
  var takes: Int?

  @Option(
    help: ArgumentHelp("Evaluate these takes and no model: MIDI and token files.", valueName: "folder"),
    completion: .directory)
  var takesFrom: String?

  @Option(
    help: .time("Length of a take; of longer ones from a folder, the beginning is used."), transform: parseTime)
  var seconds = 20.0

  @Flag(help: "Compare takes with the beginnings of pieces, rather than with excerpts from anywhere in them.")
  var beginnings = false

  @Flag(help: "About a twentieth of the work: 64 windows, 8 samples, 40 takes.")
  var quick = false

  @Option(help: "Random seed: the same seed gives the same figures.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Sampling of takes") var sampling: SamplingArguments
  @OptionGroup(title: "Constraints of takes") var constraints: ConstraintArguments
  @OptionGroup(title: "Candidates of takes") var choice: ChoiceArguments

  @OptionGroup var selection: TokenOptions

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @Option(
    help: ArgumentHelp("Write a page that shows takes beside real music.", valueName: "file"), completion: .file())
  var html: String?

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    if let windows, windows < 1 { throw ValidationError("--windows \(windows): at least one") }
    if let samples, !(1...1_000_000).contains(samples) { throw ValidationError("--samples \(samples): 1 to 1000000") }
    if let takes, !(0...1_000_000).contains(takes) { throw ValidationError("--takes \(takes): 0 to 1000000") }
    if takesFrom != nil, model.model != nil || decoderOnly != nil || windows != nil || samples != nil {
      throw ValidationError("--takes-from evaluates takes and no model; leave out the options of a model")
    }
    if html != nil, takes == 0 { throw ValidationError("--html shows takes; make some") }
    if !(1...600).contains(seconds) { throw ValidationError("--seconds \(seconds): from 1 to 600") }
  }

  func run() async throws {
    try ResultKind.check(html, "a page", [.page])
    let result = try await result()
    if let html {
      try Output.write(page(of: result), to: html)
      if html == "-" { return }
    }
    let document = result.document
    try Output.print(printing.isJSON ? JSONText.line(document) : EvaluationTable(document, style: terminal.style).text)
  }
}
