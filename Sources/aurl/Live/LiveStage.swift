import Improvisation
import MIDIPorts
import MusicCore
import Playing
import Synchronization

/// The stage of a session in real time. Inputs are queued with their times for the engine, and the engine's cues are sent
/// in time.
///
/// Everything except generation takes place on the thread of the output. When the human strikes a key while the model
/// plays, notes that have not started are canceled immediately, whatever the engine is doing; it learns of that
/// afterwards.
final class LiveStage: Sendable {
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

  struct State {
    var inputs: [Input] = []
    var inputCount = 0
    /// The engine's cues, with the number of the last input that it knew of.
    var cues: [(cue: Cue, inputs: Int)] = []
    var pending = PendingMessages()
    var filter = FeedbackFilter()
    var pedals = PedalPresses()
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
    /// Whether the time is read for the first time.
    var isFirstTime = true
    /// How late the thread was woken.
    var wakes = TimeHistogram()
    var lostCount = 0
    var reactions: [Double] = []
    var plan = PlanWatch()
    /// The file that plays in place of the human; nil for none.
    var player: FilePlayer?
    /// The number of inputs after which the engine had answered, and nothing more was to come.
    var answeredInputs = 0
    var beats: StageClock
    /// The current reasons for silence.
    var holds: Set<Hold> = []
    /// The value that shows whose turn it is, and the value sent last.
    var light: UInt8 = 0
    var shownLight: UInt8?
  }

  /// The port where the human is heard; nil if there is none.
  let input: PortAddress?
  let output: PortAddress
  /// The start of the session on the output's clock.
  let origin: Seconds
  /// Signals that there is something for the engine to do.
  let bell: AsyncStream<Void>
  /// The events that others must handle or report.
  let news: AsyncStream<News>
  let ring: AsyncStream<Void>.Continuation
  let tell: AsyncStream<News>.Continuation
  private let handovers: Handovers
  let limit: Seconds?
  /// Whether both play on one channel.
  let sharesChannel: Bool
  private let mappings: [ControlMapping]
  /// The sum of the input and output latencies.
  let latency: Seconds
  /// The controller that shows whose turn it is, and the channel that it is sent on.
  let light: (controller: Controller, channel: Channel)?
  /// Whether the output's thread has real-time priority, and the time between two reports of its time.
  let isRealTime: Bool
  let interval: Seconds
  /// Makes the notes of `player` sound.
  private let thru: @Sendable (ChannelMessage) -> Void
  let state: Mutex<State>

  /// - Parameters:
  ///   - ports: the ports where the human is heard and that the model plays on.
  ///   - player: a file that plays in place of the human; nil for none.
  ///   - thru: makes its notes sound.
  init(
    _ output: any StageOutput, at ports: (input: PortAddress?, output: PortAddress), _ options: Live,
    player: FilePlayer? = nil, thru: @escaping @Sendable (ChannelMessage) -> Void = { _ in }
  ) async {
    (input, self.output, self.thru) = (ports.input, ports.output, thru)
    isRealTime = await output.takeRealTimePriority()
    let origin = await output.now
    (self.origin, interval) = (origin, Seconds(output.interval / .seconds(1)))
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
    state = Mutex(State(clock: (origin, .now), player: player, beats: StageClock(options.beat)))
  }

  // MARK: The clock of the session

  /// The output's clock, from any thread.
  var now: Seconds { state.withLock { now($0) } }

  func now(_ state: borrowing State) -> Seconds {
    state.clock.time + Seconds((ContinuousClock.now - state.clock.at) / .seconds(1))
  }

  /// The tick at which a note that arrives at a time was played.
  func tick(at time: Seconds) -> Tick { max(.zero, Tick(ofSession: (time - latency - origin).rawValue)) }

  /// The time to send a message so that it is heard at a tick.
  func time(of tick: Tick) -> Seconds { origin + Seconds(tick.sessionSeconds) }

  /// The tick at which a message is heard that is sent at a time.
  func tick(sentAt time: Seconds) -> Tick { Tick(ofSession: (time - origin).rawValue) }

  /// The time at which a note played at a tick arrives.
  func timeKnown(of tick: Tick) -> Seconds { time(of: tick) + latency }

  func session(_ time: Seconds) -> Double { (time - latency - origin).rawValue }

  /// A time between a tick and the next one.
  func time(after tick: Tick) -> Seconds { origin + Seconds((Double(tick.rawValue) + 0.5) / 1920) }

  // MARK: Input, on the output's thread

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
    _ message: ChannelMessage, from source: PortAddress, at time: Seconds, _ client: isolated any StageOutput
  ) {
    for mapping in mappings {
      guard let commands = state.withLock({ mapping.commands(for: message, &$0.pedals) }) else { continue }
      for command in commands { if command == .tap { tap(at: time) } else { tell.yield(.command(command)) } }
      return
    }
    let isHeard = state.withLock { state in
      // The model does not process drums.
      guard message.channel != .drums, !state.filter.isEcho(message, at: time) else { return false }
      state.sources[source, default: SoundingNotes()].apply(.channel(message))
      return true
    }
    guard isHeard else { return }
    switch state.withLock({ handovers.meaning(of: message, &$0.pedals) }) {
    case .nothing: break
    case .signal(let handover): state.withLock { $0.add(.signal(handover), at: time) }
    case .music: play(message, at: time, client)
    }
    ring.yield()
  }

  /// The human plays: planned notes of the model are canceled at once.
  private func play(_ message: ChannelMessage, at time: Seconds, _ client: isolated any StageOutput) {
    let strike = state.withLock { state -> Seconds? in
      state.add(.message(message), at: time)
      guard case .noteOn = message.kind else { return nil }
      guard let yieldsFrom = state.yieldsFrom, time >= yieldsFrom else { return sharesChannel ? time : nil }
      let from = self.time(after: tick(at: time) + Duet.yieldDelay(latency: latency.rawValue))
      state.intrusion = (state.inputCount, from)
      state.pending.cancel(from: from, onlyOnsets: true)
      state.plan.plannedUntil = nil
      return from
    }
    guard let strike else { return }
    // On a shared channel, no scheduled note-off of the model may release the human's key: all are canceled, and the duet
    // passes the remaining ones again.
    client.takeBack(on: output, from: sharesChannel ? time : strike, onlyOnsets: !sharesChannel)
    let reaction = (client.now - time).milliseconds
    state.withLock { $0.reactions.append(max(0, reaction)) }
  }

  /// Plays what is due of the file that plays in place of the human.
  func playFile(until time: Seconds, _ client: isolated any StageOutput) {
    let tick = tick(at: time)
    let (events, isOver) = state.withLock { state in
      let isAnswered = state.answeredInputs == state.inputCount
      return (state.player?.take(until: tick, isAnswered: isAnswered) ?? [], state.player?.isOver ?? false)
    }
    if isOver { return end() }
    guard !events.isEmpty else { return }
    for (event, tick) in events {
      if case .message(let message) = event {
        thru(message)
        play(message, at: timeKnown(of: tick), client)
      } else {
        state.withLock { $0.add(event, at: timeKnown(of: tick)) }
      }
    }
    ring.yield()
  }

  /// Releases the notes of a source that is gone.
  private func release(_ change: PortChange, at time: Seconds) {
    state.withLock { state in
      for (source, notes) in state.sources {
        let isGone = if case .disconnected(source, let to) = change { to == input } else { change.ends(source) }
        guard isGone else { continue }
        state.sources[source] = nil
        state.beats.forget { $0 == source }
        for case .channel(let message) in notes.releasing() { state.add(.message(message), at: time) }
      }
    }
    ring.yield()
  }
}
