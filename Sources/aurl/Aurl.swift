import ArgumentParser

/// The `aurl` program.
@main
struct Aurl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aurl",
    abstract: "MIDI files, tokens, sound and analysis on the command line.",
    version: "0.1.0",
    subcommands: [Encode.self, Ports.self, Monitor.self, Play.self, Record.self])
}
