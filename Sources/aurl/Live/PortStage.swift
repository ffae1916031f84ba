import Improvisation
import MIDIPorts
import MusicCore
import Playing
import Synchronization

/// The ports of a live session. Inputs are queued with their times for the engine, and the engine's cues are sent in
/// time.
///
/// Everything except generation takes place on the thread of the sequencer client. When the human strikes a key while
/// the model plays, notes that have not started are canceled immediately, whatever the engine is doing; it learns of
/// that afterwards.
final class PortStage: Sendable {
  /// An input for the engine.
  struct Input: Sendable {
    var event: DuetDriver.Event
    var time: Seconds
    /// The number of the input, from 1.
    var number: Int
  }

  /// An event that others must handle.
  enum News: Sendable {
    /// A change of the system's ports or connections.
    case change(PortChange)
    case note(String)
    case command(LiveCommand)
  }

  /// A reason for silence.
  enum Hold {
    /// The instrument is gone, the transport is stopped, or silence was requested.
    case output, transport, panic
  }

  fileprivate struct State {
    var inputs: [Input] = []
    var inputCount = 0
    /// The engine's cues, with the number of the last input that it knew of.
    var cues: [(cue: Cue, inputs: Int)] = []
    var pending = PendingMessages()
    var filter = FeedbackFilter()
    /// The sounding notes of each source.
    var sources: [PortAddress: SoundingNotes] = [:]
    /// The time from which the human's notes stop the model; nil while it does not play.
    var yieldsFrom: Seconds?
    /// When the engine must be called without any input.
    var deadline: Seconds?
    /// The note that last took the turn back: its input number, and the time from which nothing may start until the
    /// engine knows of it.
    var intrusion: (number: Int, from: Seconds)?
    var isEnding = false
    /// The last reading of the clock.
    var clock: (time: Seconds, at: ContinuousClock.Instant)
    var lostCount = 0
    var reactions: [Double] = []
    var beats: StageClock
    /// The current reasons for silence.
    var holds: Set<Hold> = []
    /// The value that shows whose turn it is, and the value sent last.
    var light: UInt8 = 0
    var shownLight: UInt8?
  }

  let input: PortAddress
  let output: PortAddress
  /// The start of the session on the client's clock.
  let origin: Seconds
  /// Signals that there is something for the engine to do.
  let bell: AsyncStream<Void>
  /// The events that others must handle or report.
  let news: AsyncStream<News>
  private let ring: AsyncStream<Void>.Continuation
  private let tell: AsyncStream<News>.Continuation
  private let handovers: Handovers
  private let limit: Seconds?
  /// Whether both play on one channel.
  private let sharesChannel: Bool
  private let mappings: [ControlMapping]
  /// The sum of the input and output latencies.
  private let latency: Seconds
  /// The controller that shows whose turn it is, and the channel that it is sent on.
  private let light: (controller: Controller, channel: Channel)?
  private let state: Mutex<State>

  init(_ input: PortAddress, _ output: PortAddress, _ options: Live, from origin: Seconds) {
    (self.input, self.output, self.origin) = (input, output, origin)
    (handovers, limit) = (options.turns.handover, options.ports.seconds.map { Seconds($0) })
    sharesChannel = options.playing.sharesChannel
    (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (news, tell) = AsyncStream.makeStream()
    // Of two for one control the last counts, as of other options.
    mappings = options.map.reversed()
    latency = Seconds(options.ports.latency)
    light = options.ports.stateCC.map {
      (Controller(masking: UInt8($0)), options.playing.machineChannel)
    }
    state = Mutex(State(clock: (origin, .now), beats: StageClock(options.beat)))
  }

  // MARK: The clock of the session

  /// The client's clock, from any thread.
  var now: Seconds { state.withLock { now($0) } }

  private func now(_ state: borrowing State) -> Seconds {
    state.clock.time + Seconds((ContinuousClock.now - state.clock.at) / .seconds(1))
  }

  /// The tick at which a note that arrives at a time was played.
  func tick(at time: Seconds) -> Tick { max(.zero, Tick(ofSession: (time - latency - origin).rawValue)) }

  /// The time to send a message so that it is heard at a tick.
  func time(of tick: Tick) -> Seconds { origin + Seconds(tick.sessionSeconds) }

  /// The time at which a note played at a tick arrives.
  func timeKnown(of tick: Tick) -> Seconds { time(of: tick) + latency }

  private func session(_ time: Seconds) -> Double { (time - latency - origin).rawValue }

  /// A time between a tick and the next one.
  private func time(after tick: Tick) -> Seconds { origin + Seconds((Double(tick.rawValue) + 0.5) / 1920) }

  // MARK: Input, on the client's thread

  func receive(_ arrival: Arrival, _ client: isolated SequencerClient) {
    switch arrival {
    case .message(.channel(let message), let source, let time):
      if source.client != client.number { receive(message, from: source, at: time, client) }
    case .message(.system(let message), let source, let time):
      if source.client != client.number {
        clock { $0.receive(message, from: source, at: self.session(time)) }
      }
    case .message: break
    case .change(let change, let time):
      tell.yield(.change(change))
      release(change, at: time)
    case .lost(let events): state.withLock { $0.lostCount += events }
    case .time(let time): pass(to: time, client)
    }
  }

  private func receive(
    _ message: ChannelMessage, from source: PortAddress, at time: Seconds, _ client: isolated SequencerClient
  ) {
    for mapping in mappings {
      guard let commands = mapping.commands(for: message) else { continue }
      for command in commands { if command == .tap { tap(at: time) } else { tell.yield(.command(command)) } }
      return
    }
    let meaning = handovers.meaning(of: message)
    let strike = state.withLock { state -> Seconds? in
      // The model does not process drums.
      guard message.channel != .drums, !state.filter.isEcho(message, at: time) else { return nil }
      state.sources[source, default: SoundingNotes()].apply(.channel(message))
      switch meaning {
      case .nothing: return nil
      case .signal(let handover): state.add(.signal(handover), at: time)
      case .music: state.add(.message(message), at: time)
      }
      guard meaning == .music, case .noteOn = message.kind else { return nil }
      guard let yieldsFrom = state.yieldsFrom, time >= yieldsFrom else { return sharesChannel ? time : nil }
      let from = self.time(after: tick(at: time) + Duet.yieldDelay(latency: latency.rawValue))
      state.intrusion = (state.inputCount, from)
      state.pending.cancel(from: from, onlyOnsets: true)
      return from
    }
    if let strike {
      // On a shared channel, no scheduled note-off of the model may release the human's key: all are canceled, and the
      // duet passes the remaining ones again.
      client.cancel(on: output, from: sharesChannel ? time : strike, onlyOnsets: !sharesChannel)
      let reaction = (client.now - time).rawValue * 1000
      state.withLock { $0.reactions.append(max(0, reaction)) }
    }
    ring.yield()
  }

  /// Releases the notes of a source that is gone.
  private func release(_ change: PortChange, at time: Seconds) {
    state.withLock { state in
      for (source, notes) in state.sources {
        let isGone = if case .disconnected(source, input) = change { true } else { change.ends(source) }
        guard isGone else { continue }
        state.sources[source] = nil
        state.beats.forget { $0 == source }
        for case .channel(let message) in notes.releasing() { state.add(.message(message), at: time) }
      }
    }
    ring.yield()
  }

  // MARK: Output, on the client's thread

  private func pass(to time: Seconds, _ client: isolated SequencerClient) {
    let isDue = state.withLock { state in
      state.clock = (time, .now)
      if let limit, time - origin >= limit { state.isEnding = true }
      return state.isEnding || state.deadline.map { $0 <= time } ?? false
    }
    if isDue { ring.yield() }
    clock { $0.pass(to: self.session(time)) }
    click(at: time, client)
    perform(client)
  }

  /// Sends metronome clicks and MIDI clock.
  private func click(at now: Seconds, _ client: isolated SequencerClient) {
    let due = state.withLock { $0.beats.take(until: (now - origin + $0.pending.lead).rawValue) }
    for (message, time) in due {
      _ = try? client.trySchedule(message, from: output, at: max(now, origin + Seconds(time)))
    }
  }

  // MARK: Beats

  /// Updates the clock, and applies the result.
  private func clock(_ body: (inout StageClock) -> StageClock.News) {
    let news = state.withLock { state in
      let news = body(&state.beats)
      for event in news.events { state.add(event, at: self.now(state)) }
      return news
    }
    if let rival = news.rival {
      tell.yield(.note("\(rival) sends MIDI clock too; only the first clock is followed"))
    }
    switch news.isRunning {
    case true?: resume(.transport)
    case false?: hold(.transport)
    case nil: break
    }
    if !news.events.isEmpty { ring.yield() }
  }

  /// Starts the program's own tempo, if it does not wait for the first note.
  func beginBeats() {
    let start = (now - origin).rawValue + 0.3
    clock { $0.begin(at: start) }
  }

  func tap() { tap(at: now) }

  private func tap(at time: Seconds) { clock { $0.tap(at: self.session(time)) } }

  /// The message that tells other devices that the session has ended.
  var ending: MIDIMessage? { state.withLock { $0.beats.ending } }

  // MARK: Silence

  /// Stops all sound for a reason.
  func hold(_ reason: Hold) {
    let isFirst = state.withLock { state in
      defer { state.holds.insert(reason) }
      return state.holds.isEmpty
    }
    if isFirst { add(.stop) }
  }

  /// Ends a reason for silence.
  func resume(_ reason: Hold) {
    let isLast = state.withLock { $0.holds.remove(reason) != nil && $0.holds.isEmpty }
    if isLast { add(.goOn) }
  }

  func isHeld(_ reason: Hold) -> Bool { state.withLock { $0.holds.contains(reason) } }

  /// Executes the engine's cues, and sends the messages that are due.
  func perform(_ client: isolated SequencerClient) {
    let cues = state.withLock { state in
      defer { state.cues = [] }
      return state.cues
    }
    for (cue, inputs) in cues { perform(cue, knowing: inputs, client) }
    if let light { show(light.controller, on: light.channel, client) }
    let now = client.now
    let due = state.withLock { state in
      let due = state.pending.take(at: now)
      for event in due { state.filter.send(event.message, at: event.time) }
      return due
    }
    guard !due.isEmpty else { return }
    for event in due {
      let message = MIDIMessage.channel(event.message)
      if (try? client.trySchedule(message, from: output, at: event.time)) != true {
        // If the kernel has no room, at least avoid hanging notes.
        if case .noteOff = event.message.kind { _ = try? client.send(message, from: output) }
      }
    }
    _ = try? client.tryFlush()
  }

  /// Sends whose turn it is, if that has changed.
  private func show(_ controller: Controller, on channel: Channel, _ client: isolated SequencerClient) {
    let value = state.withLock { state -> UInt8? in
      guard state.shownLight != state.light else { return nil }
      state.shownLight = state.light
      return state.light
    }
    guard let value else { return }
    _ = try? client.send(.control(channel, .controller(controller, value)), from: output)
  }

  private func perform(_ cue: Cue, knowing inputs: Int, _ client: isolated SequencerClient) {
    switch cue {
    case .play(let message, let tick):
      state.withLock { state in
        let time = time(of: tick)
        // Planned before the engine knew that the human had come in.
        if let intrusion = state.intrusion, inputs < intrusion.number, time >= intrusion.from,
          case .noteOn = message.kind
        {
          return
        }
        state.pending.add(message, at: time)
      }
    case .cancel(let tick):
      let from = time(after: tick)
      state.withLock { _ = $0.pending.cancel(from: from) }
      client.cancel(on: output, from: from)
    case .silence:
      // At the end of a session notes are released instead.
      if !state.withLock({ $0.isEnding }) { client.silence() }
    }
  }

  // MARK: For the engine

  func takeInputs() -> (inputs: [Input], isEnding: Bool) {
    state.withLock { state in
      defer { state.inputs = [] }
      return (state.inputs, state.isEnding)
    }
  }

  func add(_ cue: Cue, knowing inputs: Int) { state.withLock { $0.cues.append((cue, inputs)) } }

  /// Passes the state of the duet to the client's thread, which executes the cues.
  func settle(_ duet: Duet, _ client: SequencerClient) {
    let (yieldsFrom, deadline) = (duet.taking.yieldsFrom, duet.nextDeadline)
    let turn: UInt8 =
      switch duet.taking.state {
      case .listening, .stopped: 0
      case .closing: 1
      case .answering, .accompanying, .ending: 2
      }
    let hasCues = state.withLock { state in
      state.yieldsFrom = yieldsFrom.map(timeKnown(of:))
      state.deadline = deadline.map(timeKnown(of:))
      state.light = turn
      return !state.cues.isEmpty || light != nil && state.shownLight != turn
    }
    guard hasCues else { return }
    Task(executorPreference: client.executor) { await self.perform(client) }
  }

  /// Adds an input from elsewhere than the ports, at the current time.
  func add(_ event: DuetDriver.Event) {
    let now = now
    state.withLock { $0.add(event, at: now) }
    ring.yield()
  }

  /// Ends the session, from any thread.
  func end() {
    state.withLock { $0.isEnding = true }
    ring.yield()
  }

  func finish() {
    ring.finish()
    tell.finish()
  }

  func report(tokensPerSecond: Double) -> DuetReport.Ports {
    state.withLock { state in
      DuetReport.Ports(
        tokensPerSecond: tokensPerSecond, lateNotes: state.pending.lateCount, droppedNotes: state.pending.droppedCount,
        lost: state.lostCount, fedBack: state.filter.count, reactionMs: DuetReport.Distribution(state.reactions),
        clock: DuetReport.Clock(state.beats))
    }
  }
}

extension PortStage.State {
  fileprivate mutating func add(_ event: DuetDriver.Event, at time: Seconds) {
    inputCount += 1
    inputs.append(PortStage.Input(event: event, time: time, number: inputCount))
  }
}
