import ArgumentParser
import Terminal

/// `aurl tokens`: what tokens are.
struct Tokens: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what tokens mean.",
    discussion: helpText(
      [
        "What every id means": "aurl tokens vocabulary --json"
      ]), subcommands: [TokensVocabulary.self])
}

/// `aurl tokens vocabulary`: every id and its name.
struct TokensVocabulary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary", abstract: "List the 774 tokens, with what each id means.",
    discussion: helpText(
      [
        "What every id means": "aurl tokens vocabulary --json"
      ]))

  @OptionGroup var printing: JSONOptions

  func run() async throws {
    try Output.print(printing.isJSON ? VocabularyTable.json() : VocabularyTable.text())
  }
}
