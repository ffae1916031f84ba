package import MusicCore
internal import MusicTokens

/// A human and a machine that play together: the human's messages are passed in with their times, and the machine's
/// notes are returned as cues for a stage.
///
/// It has no clock: times are passed in and never decrease. Decisions depend on these times alone, so the same messages
/// at the same times get the same answers. `advance` does what is due and must be called at `nextDeadline`; generation
/// takes place in small steps in between. `DuetDriver` calls all of these in order.
package final class Duet {
  package internal(set) var settings: DuetSettings
  package let musician: any Musician
  /// The latest time passed in.
  package internal(set) var time = Tick.zero
  package internal(set) var turns: [Turn] = []
  package internal(set) var taking: TurnTaking
  package internal(set) var call = Call()
  /// The call that was answered last.
  package internal(set) var lastCall = Call()
  /// The quantizer of the machine's notes in this turn; nil if there is none.
  var quantizer: Quantizer?
  /// Called with each message that either player plays, in order of time.
  package var onPlayed: (Player, ChannelMessage, Tick) -> Void = { _, _, _ in }

  /// The channel that the human played on last.
  var humanChannel: Channel?
  var encoder = DuetEncoder()
  var velocities = LevelVelocities()
  /// The velocities of the dynamic levels in this turn.
  var turnVelocities = LevelVelocities()
  var generator: SplitMix64
  var cues: [Cue] = []
  /// The planned events that have not been played, by rising tick. The stage already has them.
  package internal(set) var plan: [PlannedEvent] = []
  /// The machine's sounding notes.
  var sounding: Set<Pitch> = []
  /// The human's tokens, from which the latents of an answer are computed, and their number when that was last begun.
  var humanTokens: [Token] = []
  var studiedTo = 0
  /// When the latents that are being computed will be used; nil if there are none.
  var attuning: Tick?

  /// The state of the answer that is being played or generated.
  struct Answer {
    var mayEndFrom: Int
    var end: Int
    /// The step up to which it is planned; nil before anything is.
    var until: Int?
    var isLast = false
    var call: Call
    var quantizer: Quantizer?
    /// The latest onsets.
    var onsets: [PlannedEvent] = []
    /// Whether it is being played, rather than generated in advance.
    var hasBegun = false
    /// The first stretch, generated while the human may still continue, and the time that took.
    var first: Segment?
    var thinkingMilliseconds: Double?

    mutating func remember(_ events: [PlannedEvent]) {
      onsets += events.filter { $0.level != nil }
      if onsets.count > 64 { onsets.removeFirst(onsets.count - 64) }
    }
  }
  var answer: Answer?
  /// The state of the accompaniment; nil while there is none.
  var accompanying: Accompanying?
  /// The part of the keyboard where the chord of the accompaniment is held; nil if there is none.
  var zone: ChordZone?
  /// When the stretch that is being generated is to be played; nil if there is none.
  var thinkingDue: Tick?
  /// The number of stretches that were generated too late to be played from their beginning.
  package internal(set) var lateDecisions = 0
  /// A signal that waits for the end of its step.
  var signal: (handover: Handover, at: Tick)?
  var nextListening = Tick(step: Duet.listeningSteps)
  var nextReflection = Tick.zero

  /// How often the model reads what was heard, and how far ahead the machine plans.
  static let listeningSteps = 4
  /// How long after the start of their computation latents are used: longer than it takes, so that nothing waits for it.
  static let studyingTime = Tick(ofSession: 1)
  static let horizon = steps(1)
  static let stretch = steps(2)
  /// The number of tokens generated before an answer to a signal can begin. Half the time that they take at the assumed
  /// pace is allowed for: most machines are twice as fast, and a slow one begins later rather than dropping its first
  /// notes.
  static let quickTokens = 40.0
  /// How long after the human's onset the machine may still start notes: what has been sent cannot be canceled.
  package static func yieldDelay(latency: Double) -> Tick { Tick(ofSession: 0.005 + latency) }

  package init(_ musician: any Musician, _ settings: DuetSettings) {
    self.musician = musician
    self.settings = settings
    var turns = settings.turns
    if settings.mode == .trade { turns.tradedBars = settings.bars }
    turns.accompanies = settings.mode == .accompany
    turns.latency = Tick(ofSession: settings.latency)
    zone = settings.zone
    taking = TurnTaking(turns)
    generator = SplitMix64(keys: settings.seed, 1)
  }

  package func takeCues() -> [Cue] {
    defer { cues = [] }
    return cues
  }

  /// Whether anything is planned, generated or sounding.
  package var isQuiet: Bool { answer == nil && plan.isEmpty && sounding.isEmpty && signal == nil }

  // MARK: Input

  /// Receives a message of the human, after advancing time to `tick`.
  package func receive(_ message: ChannelMessage, at tick: Tick) {
    advance(to: tick)
    let tick = time
    encoder.receive(message, from: .human, at: tick)
    velocities.receive(message)
    musician.receive(message, at: tick)
    zone?.receive(message)
    if case .noteOn(let pitch, let velocity) = message.kind {
      if taking.pulse == nil { beginOwnPulse(at: tick) }
      if settings.sharesChannel { leave(pitch, at: tick) }
      // A late note of bars that are over does not belong to the next call.
      let isLate = taking.yieldsFrom.map { tick < $0 } ?? false
      perform(taking.humanStrikes(at: tick), at: tick)
      if !isLate { call.add(pitch, velocity, at: tick) }
      hearStrike(of: pitch, at: tick)
    }
    if settings.sharesChannel { humanChannel = message.channel }
    onPlayed(.human, message, tick)
  }

  /// The human asks the machine to play, or to stop where it plays.
  package func receive(_ handover: Handover, at tick: Tick) {
    advance(to: tick)
    perform(taking.humanSignals(handover, at: time), at: time)
  }

  /// Sets the pulse from now on; nil if it is no longer known.
  package func receive(_ pulse: Pulse?, at tick: Tick) {
    advance(to: tick)
    follow(pulse)
  }

  private func follow(_ pulse: Pulse?) {
    if let pulse { quantizer?.pulse = pulse }
    perform(taking.follow(pulse, at: time), at: time)
  }

  /// Takes the human's first note as the first beat, if only the tempo is given.
  private func beginOwnPulse(at tick: Tick) {
    guard let tempo = settings.tempo else { return }
    follow(Pulse(quarters: 0, seconds: tick.sessionSeconds, secondsPerQuarter: 60 / tempo))
  }

  /// Applies an adjustment; while the machine plays it affects what is generated next.
  package func receive(_ adjustment: Adjustment, at tick: Tick) {
    advance(to: tick)
    switch adjustment {
    case .mode(let mode):
      settings.mode = mode
      taking.trade(bars: mode == .trade ? settings.bars : nil, at: time)
      perform(taking.accompany(mode == .accompany), at: time)
    case .answer(let seconds): settings.answer = .seconds(seconds)
    default: musician.adjust(adjustment)
    }
  }

  package func stop(at tick: Tick) {
    advance(to: tick)
    perform(taking.stop(), at: time)
  }

  package func goOn(at tick: Tick) {
    advance(to: tick)
    taking.goOn(at: time)
  }

  // MARK: Time

  /// The next time at which something is due without any input.
  package var nextDeadline: Tick? {
    var deadlines = [nextListening]
    if let deadline = taking.nextDeadline, signal == nil { deadlines.append(deadline) }
    if let signal { deadlines.append(signal.at.nextStep) }
    if let event = plan.first { deadlines.append(event.tick) }
    if let deadline = planningDeadline ?? accompanyingDeadline { deadlines.append(deadline) }
    if let deadline = endDeadline { deadlines.append(deadline) }
    return deadlines.min().map { max($0, time) }
  }

  /// Does what is due until `tick`.
  package func advance(to tick: Tick) {
    while let deadline = nextDeadline, deadline <= tick {
      time = deadline
      pass()
    }
    time = max(time, tick)
  }

  func pass() {
    while let event = plan.first, event.tick <= time { play(event) }
    if time >= nextListening { listen() }
    if let signal, signal.at.nextStep <= time {
      self.signal = nil
      beginTurn(signal.handover, signal.at)
    }
    if let deadline = taking.nextDeadline, deadline <= time, signal == nil { perform(taking.timePassed(), at: time) }
    if let deadline = planningDeadline, deadline <= time { planOn() }
    if let deadline = accompanyingDeadline, deadline <= time { planAccompaniment() }
    if let deadline = endDeadline, deadline <= time { endTurn(.length) }
  }

  func perform(_ actions: [TurnTaking.Action], at time: Tick) {
    for action in actions {
      switch action {
      case .rehearse(let start): rehearse(for: start)
      case .forget:
        musician.forget()
        (answer, signal) = (nil, nil)
      case .begin(let handover) where taking.state == .accompanying: join(handover)
      case .begin(.pause): beginTurn(.pause, time)
      case .begin(.bars): beginTurn(.bars, time)
      case .begin(let handover): signal = (handover, time)
      case .yield: yield(at: time)
      case .handBack: handBack(at: time, .signal)
      case .rest: handBack(at: time, .length)
      case .silence: silence(at: time)
      }
    }
  }
}
