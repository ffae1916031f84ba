import ArgumentParser
import Files
import Terminal
import Training

struct PrintSettings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Print a settings file with all settings and their meanings.",
    discussion: helpText(
      [
        "All settings, to be edited": "aurl train settings > run.yaml"
      ],
      "Figures of the model that are the preset's are comments, so that another preset can be named there."))

  @Option(help: "tiny, small or base.", completion: .list(["tiny", "small", "base"]))
  var preset: String?

  @OptionGroup var settings: SettingsOptions

  func run() throws {
    let options = preset.map { [Assignment("model.preset", $0, option: "--preset \($0)")] } ?? []
    let resolved = try settings.settings(options: options)
    try writeToStandardOutput(Array(resolved.yaml(hidesPreset: true).utf8))
  }
}
