import ArgumentParser

struct Encode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Turn MIDI files into tokens.")

  func run() async throws {}
}
