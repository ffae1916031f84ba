import ArgumentParser
import Terminal

/// `aurl tokens`: information about tokens.
struct Tokens: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain the tokens.",
    discussion: helpText(
      [
        "The meaning of every id": "aurl tokens vocabulary --json"
      ]), subcommands: [TokensVocabulary.self])
}

/// `aurl tokens vocabulary`: every id and its name.
struct TokensVocabulary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary", abstract: "List the 774 tokens and the meaning of each id.",
    discussion: helpText(
      [
        "The meaning of every id": "aurl tokens vocabulary --json"
      ]))

  @OptionGroup var printing: JSONOptions

  func run() async throws {
    try Output.print(printing.isJSON ? VocabularyTable.json() : VocabularyTable.text())
  }
}
