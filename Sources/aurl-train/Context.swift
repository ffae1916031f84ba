import ArgumentParser
import Files
import Terminal
import Text
import Training

/// `aurl-train context`: fits the context head of a critic.
struct Context: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit the context head of a critic to a model.",
    discussion: helpText(
      [
        "A critic that knows all music before a phrase":
          "aurl train context dataset --model run/best.safetensors --critic critic -o critic.safetensors"
      ],
      """
      The context head separates phrases of the model's takes from phrases of real music by the hidden states of the \
      model's decoder. It is used with this model only. Takes are sampled as for "aurl train critic", with its settings.
      """))

  @Argument(help: "The folder of a dataset; \"aurl corpus build\" makes one.", completion: .directory)
  var dataset: String

  @OptionGroup var settings: SettingsOptions

  @Option(help: "The model whose takes the head separates from the music of the dataset.", completion: .model)
  var model: String

  @Option(help: "The file of a critic, or the folder of its run.", completion: .model)
  var critic: String

  @Option(name: .shortAndLong, help: "Where the critic with its context head goes, in float32.", completion: .model)
  var output: String

  @Option(help: "The number of takes, and of passages of real music.")
  var takes = 2000

  @OptionGroup var messages: QuietOptions

  func validate() throws {
    guard takes > 0 else { throw ValidationError("--takes takes a number over 0") }
  }

  func run() throws {
    var settings = try settings.settings(options: [Assignment("data.path", dataset, option: "DATASET")])
    let data = try RunOptions.dataset(&settings)
    let folder = RunFolder(path: critic)
    let path = FileSystem.isThere(folder.critic) ? folder.critic : critic
    guard try (try? FileStatus(path: output))?.identity != FileStatus(path: path).identity else {
      throw Failure(.cannotCreate, output, "is the critic that is read; name another file for the result")
    }
    var line = ProgressLine(isQuiet: messages.isQuiet)
    let total = takes + 2 * max(8, takes / 8)
    let outcome = try ContextFit(settings, critic: path, model: model, on: data).run(takes: takes, to: output) {
      line.update("\($0)/\(total) takes")
    }
    line.clear()
    guard !messages.isQuiet else { return }
    Message.note(
      "\(output): \(outcome.phrases) phrases; AUC on held-out phrases \(decimal(outcome.context, 3)), of the towers alone "
        + "\(decimal(outcome.towers, 3)); calibration error \(decimal(outcome.calibrationError, 3))")
  }
}
