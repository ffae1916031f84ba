import ArgumentParser
import MIDIPorts
import Terminal
import Text

struct Ports: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the MIDI ports of the ALSA sequencer.",
    discussion: helpText(
      [
        "The ports": "aurl ports"
      ],
      """
      IN ports send music that can be recorded; OUT ports can be played to. A port is named by its number, its name or a \
      unique part of the name.
      """))

  @OptionGroup var printing: JSONOptions

  @Flag(help: "Keep running, and print the ports that appear and disappear.")
  var watch = false

  func run() async throws {
    do {
      let client = try SequencerClient(name: "aurl")
      var listed = try await client.ports()
      try Output.print(printing.isJSON ? JSONText.line(PortListing.Report(listed)) : PortListing.table(listed))
      guard watch else { return }
      Interruption.handleByDispatch { Task { await client.endArrivals() } }
      for await case .change in client.arrivals {
        // A port gets its name and permissions, and a client its name, shortly after it appears.
        try await Task.sleep(for: .milliseconds(20))
        let ports = try await client.ports()
        for line in try PortListing.changes(from: listed, to: ports, json: printing.isJSON) { try Output.print(line) }
        listed = ports
      }
    } catch let error as PortError { throw Failure(error) }
  }
}
