import MIDIFiles
import MusicCore
import MusicTokens

/// The token stream of what is played, as text that grows with it.
///
/// Times are those of a take (`TakeFile.tempoMap`), so that the stream is the one that the recorded file gives.
struct LiveTokens: ~Copyable {
  private var encoder = IncrementalEncoder(tempoMap: TakeFile.tempoMap)

  mutating func receive(_ message: MIDIMessage, at tick: Tick) {
    encoder.receive(message, at: tick)
  }

  /// What is certain when time has come to `tick`: ids, one a line.
  mutating func advance(to tick: Tick) -> String { Self.text(encoder.advance(to: tick)) }

  /// The rest.
  mutating func finish(at tick: Tick) -> String { Self.text(encoder.finish(at: tick)) }

  private static func text(_ tokens: [Token]) -> String {
    tokens.map { "\($0.rawValue)\n" }.joined()
  }
}

/// The clock of a take: it begins with the first message.
struct TakeClock {
  private var origin: Seconds?

  /// Whether anything has been played.
  var isRunning: Bool { origin != nil }

  /// The tick of a take in which a message of this time falls; the first one starts the clock.
  mutating func start(at time: Seconds) -> Tick {
    if origin == nil { origin = time }
    return tick(at: time)
  }

  /// The tick at a time; zero before the clock runs.
  func tick(at time: Seconds) -> Tick {
    guard let origin else { return .zero }
    return TakeFile.tempoMap.tick(nearest: Seconds(max(0, (time - origin).rawValue)))
  }
}
