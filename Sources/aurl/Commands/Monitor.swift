import ArgumentParser
import MIDIPorts
import MusicCore
import Terminal

struct Monitor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the messages that arrive at a MIDI port.",
    discussion: helpText(
      [
        "The tokens of what is being played": "aurl monitor --tokens"
      ],
      """
      Each line has the time in seconds, the sending port and the message. Without --from, a port is created and waits to \
      be connected.
      """))

  @Option(help: "The port to listen to: its number, name, or a part of the name.", completion: .inputPorts)
  var from: String?

  @Flag(help: "Print the token stream of the music instead, one id per line.")
  var tokens = false

  func run() async throws {
    var connection = try await PortConnection(from, direction: .input)
    let client = connection.client
    Interruption.handleByDispatch { Task { await client.endArrivals() } }
    if tokens { await client.reportTime(every: .milliseconds(8)) }
    try await withTaskExecutorPreference(client.executor) {
      var printer = ArrivalPrinter(port: connection.port, tokens: tokens)
      for await arrival in client.arrivals {
        try Output.write(Array(printer.text(arrival).utf8), to: nil)
        if case .change(let change, _) = arrival { await connection.follow(change) }
      }
      try Output.write(Array(printer.finish(at: await client.now).utf8), to: nil)
    }
  }
}
