import ArgumentParser
import Files
import Glibc
import Terminal

/// The `aurl` program.
@main
struct Aurl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aurl",
    abstract: "MIDI files, token streams, sound and live ports on the command line.",
    discussion: helpText(
      [
        "The contents of a file, and the repairs needed to read it": "aurl inspect song.mid",
        "Its tokens, and a MIDI file from them":
          "aurl encode song.mid -o song.tokens && aurl decode song.tokens -o again.mid",
        "A new piece, as MIDI and as sound": "aurl generate --seconds 20 -o take.mid --render take.wav",
      ],
      """
      A path of - is standard input or output. A time is seconds, or minutes and seconds: 90 or 1:30. Exit codes: 0 success, 64 \
      usage error, 65 malformed input, 66 input not found, 69 a service is missing, 70 internal error, 73 cannot create the \
      output, 74 input or output error.
      """),
    version: version,
    subcommands: [
      Encode.self, Decode.self, Inspect.self, Analyze.self, Notate.self, Render.self, ListSoundFonts.self, Play.self,
      Record.self, Monitor.self, Ports.self, Generate.self, Critique.self, Live.self, Train.self, Evaluate.self,
      Corpus.self, Tokens.self,
    ])

  static func main() async {
    do {
      let arguments = try LivePreset.expand(Array(CommandLine.exactArguments.dropFirst()))
      if let script = CompletionScript.requested(by: arguments, of: Aurl.self, adding: CompletionScript.additions) {
        return print(script)
      }
      // All arguments belong to aurl-train, including those that swift-argument-parser would handle itself.
      if arguments.first == Train._commandName { return try Train.run(Array(arguments.dropFirst())) }
      try checkCommand(of: arguments)
      var command = try parse(asRoot: arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      failure.exit()
    } catch {
      let status = exitCode(for: error)
      guard !status.isSuccess else { exit(withError: error) }
      // Arguments may be names with arbitrary bytes.
      let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
      writeToStandardError(lines.map { printable(String($0)) }.joined(separator: "\n") + "\n")
      Glibc.exit(status.rawValue)
    }
  }

  /// Rejects an unknown command, also as an argument of `help`, and suggests a similar one.
  private static func checkCommand(of arguments: [String]) throws(Failure) {
    var (words, commands, path) = (arguments[...], configuration.subcommands, "aurl")
    if words.first == "help" { words = words.dropFirst() }
    while let word = words.popFirst(), !word.hasPrefix("-"), !commands.isEmpty {
      let names = commands.map { $0._commandName } + (path == "aurl" ? ["help"] : [])
      if path == "aurl", word == "help" { return }
      guard let index = commands.firstIndex(where: { $0._commandName == word }) else {
        let near = word.nearest(of: names).map { "; did you mean \"\(path) \($0)\"?" }
        throw Failure(.usage, nil, "there is no command \"\(path) \(word)\"\(near ?? "; see \(path) --help")")
      }
      path += " \(word)"
      commands = commands[index].configuration.subcommands
    }
  }
}
