import MIDIPorts
import MusicCore
import Playing
import Synthesis

/// A synthesizer in this program as the output of a session, where the sequencer's ports are not needed or missing.
/// A thread of its own sends scheduled messages every millisecond.
actor SynthesizerOutput: StageOutput {
  private let synthesizer: LiveSynthesizer
  private nonisolated let loop = PollLoop(descriptor: -1)
  nonisolated let executor: any TaskExecutor
  nonisolated let interval = Duration.milliseconds(1)
  private nonisolated let start = ContinuousClock.now
  /// By rising time.
  private var scheduled: [(message: ChannelMessage, time: Seconds)] = []
  private var sounding = SoundingNotes()
  private var errors = TimeHistogram()
  private var handler: (@Sendable (isolated any StageOutput, Seconds) -> Void)?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ synthesizer: LiveSynthesizer) {
    self.synthesizer = synthesizer
    executor = LoopTaskExecutor(loop)
    loop.start(name: "aurl") { [weak self] _ in
      guard let self else { return }
      self.assumeIsolated { $0.proceed() }
    }
  }

  deinit { loop.stop() }

  var now: Seconds { Seconds((ContinuousClock.now - start) / .seconds(1)) }

  /// Calls a function with the time every `interval`, on this thread.
  func onTime(_ handler: @escaping @Sendable (isolated any StageOutput, Seconds) -> Void) {
    self.handler = handler
    loop.tickInterval = interval
  }

  func endTime() { handler = nil }

  func takeRealTimePriority() -> Bool { loop.takeRealTimePriority() }

  private func proceed() {
    sendDue()
    handler?(self, now)
    sendDue()
  }

  private func sendDue() {
    let now = now
    let due = scheduled.prefix { $0.time <= now }
    scheduled.removeFirst(due.count)
    for (message, time) in due {
      errors.add((now - time).milliseconds)
      deliver(message)
    }
  }

  private func deliver(_ message: ChannelMessage) {
    sounding.apply(.channel(message))
    synthesizer.send(message)
  }

  func send(_ message: MIDIMessage, from port: PortAddress) -> Bool {
    if case .channel(let message) = message { deliver(message) }
    return true
  }

  func trySchedule(_ message: MIDIMessage, from port: PortAddress, at time: Seconds) -> Bool {
    guard case .channel(let message) = message else { return true }
    scheduled.insert((message, time), at: scheduled.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0)
    return true
  }

  func tryFlush() -> Bool { true }

  func takeBack(on port: PortAddress, from time: Seconds, onlyOnsets: Bool) {
    scheduled.removeAll { event in
      guard event.time >= time else { return false }
      if case .noteOn = event.message.kind { return true }
      return !onlyOnsets
    }
  }

  func silence() { end(sounding.silencing()) }

  func release(_ port: PortAddress) { end(sounding.releasing()) }

  private func end(_ messages: [MIDIMessage]) {
    scheduled = []
    for case .channel(let message) in messages { deliver(message) }
    sounding = SoundingNotes()
  }

  func soundingCount(on port: PortAddress) -> Int {
    scheduled.reduce(into: sounding) { $0.apply(.channel($1.message)) }.count
  }

  var scheduledErrors: TimeHistogram? { errors }
}
