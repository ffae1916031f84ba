import ArgumentParser
import Terminal

/// `aurl critique`: how real music sounds to the critic.
struct Critique: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score music with the critic: how real it is, and which passages are not.",
    discussion: helpText(
      [
        "How real the critic finds a piece": "aurl critique song.mid"
      ],
      """
      The critic separates keyboard music from takes of the model at three scales, of 32, 128 and 256 tokens. Realism is the \
      probability that a passage is real if half of all passages are. It is reliable only for music like that of its \
      training, not for other instruments or styles. Folders stand for all MIDI and token files in them.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String] = []

  @OptionGroup var critic: CriticOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var work: JobsOptions

  @OptionGroup var messages: QuietOptions

  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("name a file or folder to score") }
  }

  func run() async throws { try await CritiqueBatch(options: self).run() }
}
