package import MusicCore
internal import MusicTokens

/// A human and a machine that play: what the human does is passed in with its time, and what the machine plays is returned as cues for a stage.
///
/// It has no clock: time is passed in and never decreases. Decisions depend on times alone, so that the same
/// messages at the same times get the same answers. `advance` does what is due, and is to be called where `nextDeadline` says;
/// generating is done in small steps between that. `DuetDriver` calls all of it in order.
package final class Duet {
  package internal(set) var settings: DuetSettings
  package let musician: any Musician
  /// What has come so far.
  package internal(set) var time = Tick.zero
  package internal(set) var turns: [Turn] = []
  package internal(set) var taking: TurnTaking
  package internal(set) var call = Call()
  /// The one that was answered last.
  package internal(set) var lastCall = Call()
  /// What moves the machine's notes to a grid in this turn; nil where nothing does.
  var quantizer: Quantizer?
  /// What both played so far, in order of time.
  package var onPlayed: (Player, ChannelMessage, Tick) -> Void = { _, _, _ in }

  /// The channel that the human played on last.
  var humanChannel: Channel?
  var encoder = DuetEncoder()
  var velocities = LevelVelocities()
  /// The velocities that the turn is played with.
  var turnVelocities = LevelVelocities()
  var generator: SplitMix64
  var cues: [Cue] = []
  /// What is planned and has not been played, by rising tick. The stage has it already.
  package internal(set) var plan: [PlannedEvent] = []
  /// The machine's notes that sound.
  var sounding: Set<Pitch> = []
  /// The human's tokens, for the latents of an answer, and how many of them there were when these were last computed.
  var humanTokens: [Token] = []
  var attunedTo = 0

  /// The state of the answer that is played or generated.
  struct Answer {
    var mayEndFrom: Int
    var end: Int
    /// The step up to which it is planned; nil while nothing is.
    var until: Int?
    var isLast = false
    var call: Call
    var quantizer: Quantizer?
    /// Whether it is being played, and not only generated in advance.
    var hasBegun = false
    /// The first stretch, generated while the human may still go on, and how long that took.
    var first: Segment?
    var thinkingMilliseconds: Double?
  }
  var answer: Answer?
  /// The state of accompanying; nil while nobody is accompanied.
  var accompanying: Accompanying?
  /// Where the chord is held that the human is accompanied on; nil where there is no such place.
  var zone: ChordZone?
  /// A signal that waits for its step to be over.
  var signal: (handover: Handover, at: Tick)?
  var nextListening = Tick(step: Duet.listeningSteps)
  var nextReflection = Tick.zero

  /// How often the machine reads what it heard, and how far ahead it plans.
  static let listeningSteps = 4
  static let horizon = steps(1)
  static let stretch = steps(2)
  /// About this number of tokens is generated before an answer to a signal can begin. A machine is twice as fast as it is
  /// taken to be, and a slow one is to begin later, not to leave out what it generated first.
  static let quickTokens = 40.0
  /// How long after the human's onset the machine may still strike: what is on its way cannot be stopped.
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

  // MARK: What comes in

  /// The human plays. Time comes to `tick` first.
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
      // What still belongs to bars that are over is not of the next call.
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

  /// The beats are, from now on, where a pulse says; nil where that is not known any more.
  package func receive(_ pulse: Pulse?, at tick: Tick) {
    advance(to: tick)
    follow(pulse)
  }

  private func follow(_ pulse: Pulse?) {
    if let pulse { quantizer?.pulse = pulse }
    perform(taking.follow(pulse, at: time), at: time)
  }

  /// The human's first note is the first beat, where only the tempo is given.
  private func beginOwnPulse(at tick: Tick) {
    guard let tempo = settings.tempo else { return }
    follow(Pulse(quarters: 0, seconds: tick.sessionSeconds, secondsPerQuarter: 60 / tempo))
  }

  /// An adjustment while the machine plays applies from what it generates next.
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

  /// When something is due without any input.
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
