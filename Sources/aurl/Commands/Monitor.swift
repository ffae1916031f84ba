import ArgumentParser
import MIDIPorts
import MusicCore

struct Monitor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what arrives at a MIDI port, as it arrives.",
    discussion: """
      Each line has the time in seconds, the port it came from and the message. Without --from, a port is created \
      and waits to be connected.
      """)

  @Option(help: "The port to listen to: its number, name, or a part of the name.")
  var from: String?

  @Flag(help: "Print the token stream of what is played, an id a line.")
  var tokens = false

  func run() async throws {
    var connection = try await PortConnection(from, direction: .input)
    let client = connection.client
    let interruption = Interruption { Task { await client.endArrivals() } }
    let ticks = tokens ? Task { try await client.reportTime(every: .milliseconds(5)) } : nil
    defer { ticks?.cancel() }
    await withTaskExecutorPreference(client.executor) {
      var printer = ArrivalPrinter(port: connection.port, tokens: tokens)
      for await arrival in client.arrivals {
        if !writeOutput(printer.text(arrival)) { break }
        if case .change(let change, _) = arrival { await connection.follow(change) }
      }
      writeOutput(printer.finish(at: await client.now))
    }
    withExtendedLifetime(interruption) {}
  }
}
