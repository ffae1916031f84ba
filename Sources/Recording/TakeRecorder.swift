package import Files
internal import MIDIFiles
package import MIDIPorts
package import MusicCore
internal import Playing

/// Records arriving MIDI messages to a file, and tracks the sounding notes so that the take ends without open notes.
package struct TakeRecorder: ~Copyable {
  private let port: PortAddress
  private var file: TakeFile
  private var clock = TakeClock()
  private var sounding: [PortAddress: SoundingNotes] = [:]
  private var tokens: LiveTokens?

  /// The time of the last message.
  package private(set) var lastArrival = Seconds.zero
  package private(set) var noteCount = 0
  package private(set) var lostCount = 0

  /// Begins a take of the messages that arrive at a port.
  ///
  /// - Parameter tokens: whether `takeTokens` will be used.
  package init(path: String, port: PortAddress, tokens: Bool) throws(FileError) {
    self.port = port
    file = try TakeFile(path: path)
    self.tokens = tokens ? LiveTokens() : nil
  }

  package mutating func receive(_ arrival: Arrival) throws(FileError) {
    switch arrival {
    case .message(let message, let source, let time): try receive(message, from: source, at: time)
    case .lost(let events): lostCount += events
    case .change(.disconnected(let source, port), let time): try release(source, at: time)
    case .change(let change, let time):
      for source in sounding.keys where change.ends(source) { try release(source, at: time) }
    case .time: break
    }
  }

  private mutating func receive(
    _ message: MIDIMessage, from source: PortAddress, at time: Seconds
  ) throws(FileError) {
    // Clock and active sensing are sent by idle instruments and are not music.
    if case .system = message { return }
    let tick = clock.start(at: time)
    lastArrival = time
    sounding[source, default: SoundingNotes()].apply(message)
    if case .channel(let channelMessage) = message, case .noteOn = channelMessage.kind { noteCount += 1 }
    try append(message, at: tick)
  }

  private mutating func append(_ message: MIDIMessage, at tick: Tick) throws(FileError) {
    try file.append(message, at: tick)
    tokens?.receive(message, at: tick)
  }

  /// Ends the notes of a source port that has been disconnected.
  private mutating func release(_ source: PortAddress, at time: Seconds) throws(FileError) {
    guard let notes = sounding.removeValue(forKey: source) else { return }
    for message in notes.releasing() { try append(message, at: clock.tick(at: time)) }
  }

  /// The time since the last message, or zero while a key is down or before the first message.
  package func silence(at time: Seconds) -> Seconds {
    guard clock.isRunning, !sounding.values.contains(where: \.hasKeysDown) else { return .zero }
    return time - lastArrival
  }

  /// The tokens that have become final at `time`, as text.
  package mutating func takeTokens(at time: Seconds) -> String {
    clock.isRunning ? tokens?.advance(to: clock.tick(at: time)) ?? "" : ""
  }

  /// Ends all sounding notes and finishes the file.
  ///
  /// - Returns: the remaining tokens, and the duration of the take.
  package consuming func finish(at time: Seconds) throws(FileError) -> (tokens: String, duration: Seconds) {
    let end = clock.tick(at: time)
    for source in sounding.keys.sorted() {
      guard let notes = sounding[source] else { continue }
      for message in notes.releasing() { try append(message, at: end) }
    }
    let rest = tokens?.finish(at: end) ?? ""
    try file.finish(at: end)
    return (rest, TakeFile.tempoMap.seconds(at: end))
  }
}
