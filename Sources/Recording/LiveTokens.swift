internal import MIDIFiles
package import MusicCore
internal import MusicTokens

/// Encodes MIDI messages as tokens while they arrive.
///
/// Times are those of a take (`TakeFile.tempoMap`), so that the tokens are the same as those of the recorded file.
package struct LiveTokens: ~Copyable {
  private var encoder = IncrementalEncoder(tempoMap: TakeFile.tempoMap)

  package init() {}

  package mutating func receive(_ message: MIDIMessage, at tick: Tick) {
    encoder.receive(message, at: tick)
  }

  /// The tokens that are final at `tick`, as text: one id per line.
  package mutating func advance(to tick: Tick) -> String { Self.text(encoder.advance(to: tick)) }

  /// The remaining tokens.
  package mutating func finish(at tick: Tick) -> String { Self.text(encoder.finish(at: tick)) }

  private static func text(_ tokens: [Token]) -> String {
    tokens.map { "\($0.rawValue)\n" }.joined()
  }
}

/// The clock of a take, which starts with the first message.
package struct TakeClock {
  private var origin: Seconds?

  package init() {}

  /// Whether a message has started the clock.
  package var isRunning: Bool { origin != nil }

  /// The tick of a message at a time; the first message starts the clock.
  package mutating func start(at time: Seconds) -> Tick {
    if origin == nil { origin = time }
    return tick(at: time)
  }

  /// The tick at a time; zero before the clock has started.
  package func tick(at time: Seconds) -> Tick {
    guard let origin else { return .zero }
    return TakeFile.tempoMap.tick(nearest: Seconds(max(0, (time - origin).rawValue)))
  }
}
