import MIDIPorts
import MusicCore
import Recording
import Terminal
import Text

/// Formats arrivals as the output of `monitor`.
struct ArrivalPrinter: ~Copyable {
  private var clock = TakeClock()
  private var tokens: LiveTokens?

  private let port: PortAddress

  /// Creates a printer for the arrivals at a port, as readable lines or as tokens.
  init(port: PortAddress, tokens: Bool) {
    self.port = port
    self.tokens = tokens ? LiveTokens() : nil
  }

  mutating func text(_ arrival: Arrival) -> String {
    if case .change(let change, _) = arrival, !change.connects(port) { return "" }
    guard tokens != nil else { return arrival.line.map { $0 + "\n" } ?? "" }
    switch arrival {
    case .message(.system, _, _), .change: return ""
    case .message(let message, _, let time):
      tokens?.receive(message, at: clock.start(at: time))
      return ""
    case .time(let time):
      return clock.isRunning ? tokens?.advance(to: clock.tick(at: time)) ?? "" : ""
    case .lost(let events):
      Message.warning("\(events.counted("event")) lost: the input was full")
      return ""
    }
  }

  /// The remaining output at the end.
  mutating func finish(at time: Seconds) -> String {
    clock.isRunning ? tokens?.finish(at: clock.tick(at: time)) ?? "" : ""
  }
}
