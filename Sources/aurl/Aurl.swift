import ArgumentParser
import Glibc

/// The `aurl` program.
@main
struct Aurl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aurl",
    abstract: "MIDI files, token streams, sound and live ports on the command line.",
    discussion: """
      A path of - is standard input or output. Exit codes: 0 done, 64 usage, 65 malformed input, 66 no such \
      input, 69 a service is missing, 70 a bug, 73 cannot create the output, 74 input or output failed.
      """,
    version: "0.1.0",
    subcommands: [
      Encode.self, Decode.self, Inspect.self, Analyze.self, Render.self, ListSoundFonts.self, Play.self,
      Record.self, Monitor.self, Ports.self, Generate.self, Train.self, Evaluate.self, Corpus.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      Message.error(failure.description)
      Glibc.exit(failure.status.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
