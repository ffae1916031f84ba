import Files
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing

/// Writes what arrives into a take, and knows what sounds so that it can end it.
struct TakeRecorder: ~Copyable {
  private let port: PortAddress
  private var file: TakeFile
  private var clock = TakeClock()
  private var sounding: [PortAddress: SoundingNotes] = [:]
  private var tokens: LiveTokens?

  /// When the last message came.
  private(set) var lastArrival = Seconds.zero
  private(set) var noteCount = 0
  private(set) var lostCount = 0

  /// Begins a take of what arrives at a port.
  ///
  /// - Parameter tokens: whether `takeTokens` is wanted.
  init(path: String, port: PortAddress, tokens: Bool) throws(FileError) {
    self.port = port
    file = try TakeFile(path: path)
    self.tokens = tokens ? LiveTokens() : nil
  }

  mutating func receive(_ arrival: Arrival) throws(FileError) {
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
    // Clock and active sensing are sent by idle instruments, and are no music.
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

  /// Lets go of what a port holds that is no more there to do it.
  private mutating func release(_ source: PortAddress, at time: Seconds) throws(FileError) {
    guard let notes = sounding.removeValue(forKey: source) else { return }
    for message in notes.releasing() { try append(message, at: clock.tick(at: time)) }
  }

  /// How long nothing has been played and no key has been down; zero before the first message.
  func silence(at time: Seconds) -> Seconds {
    guard clock.isRunning, !sounding.values.contains(where: \.hasKeysDown) else { return .zero }
    return time - lastArrival
  }

  /// The tokens that have become certain at `time`, as text.
  mutating func takeTokens(at time: Seconds) -> String {
    clock.isRunning ? tokens?.advance(to: clock.tick(at: time)) ?? "" : ""
  }

  /// Ends what sounds and finishes the take.
  ///
  /// - Returns: the rest of the tokens, and how long the take is.
  consuming func finish(at time: Seconds) throws(FileError) -> (tokens: String, duration: Seconds) {
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
