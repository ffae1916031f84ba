package import MusicCore

/// Turn-taking: a state machine that depends on times alone, not on the music.
///
/// It receives events, gives in `nextDeadline` the time at which it must be called without any, and returns actions.
package struct TurnTaking: Sendable {
  package enum State: String, Sendable {
    /// The human's turn.
    case listening
    /// Still the human's turn, which is about to end: an answer is generated.
    case closing
    /// The machine's turn.
    case answering
    /// Both play.
    case accompanying
    /// The machine's last notes end.
    case ending
    /// Nothing is played until the session continues.
    case stopped
  }

  package struct Settings: Sendable {
    /// The pause after which the machine takes the turn; nil if pauses are no signal.
    package var pause: Tick? = Tick(ofSession: 1)
    /// A phrase has at least `minimumNotes` notes or lasts `minimumLength`.
    package var minimumNotes = 3
    package var minimumLength = Tick(ofSession: 0.7)
    /// The part of the pause after which an answer is generated: late enough not to happen after every note of slow
    /// music.
    package var thinkingPart = 0.65
    /// The length of a call in bars; nil if bars are no signal.
    package var callBars: Int?
    /// The number of bars that each plays in turn from the start of the song, the human first; nil if bars are not
    /// traded.
    package var tradedBars: Int?
    /// Whether the machine plays while the human does, and how long it continues after the human's last note.
    package var accompanies = false
    package var patience = Tick(ofSession: 4)
    package var meter = Meter(numerator: 4, denominator: 4)
    /// How long before its start an answer must be sent.
    package var latency = Tick.zero

    package init() {}
  }

  package enum Action: Hashable, Sendable {
    /// Generate an answer that begins at a time if nothing is played until then.
    case rehearse(Tick)
    /// Discard what was generated.
    case forget
    /// Play, because of a pause or of a signal.
    case begin(Handover)
    /// The human plays: cancel the plan immediately.
    case yield
    /// The human takes the turn back: end at the next onset.
    case handBack
    /// The accompaniment is over: end at the next onset.
    case rest
    /// End everything.
    case silence
  }

  package private(set) var state = State.listening
  package private(set) var settings: Settings
  /// The pulse; nil if it is not known.
  package private(set) var pulse: Pulse?
  private var firstOnset: Tick?
  private var lastOnset: Tick?
  private var notes = 0
  /// The call as it was when the machine took the turn after a pause, and the time of that.
  private var taken: (firstOnset: Tick?, lastOnset: Tick, notes: Int, start: Tick)?
  /// The pauses of false entries: the human continued as soon as the machine had begun. With the time of the human's
  /// last pause of that length; the machine's turns are left out of these times, since nothing can be learned in them.
  private var mistakes: [(pause: Tick, time: Tick)] = []
  /// When the machine's turn began; nil if there is none.
  private var turnStart: Tick?
  /// When bars are traded: the first bar of the machine's next turn, or of its current one.
  private var turnBar: Int?
  /// The signal that will begin the turn for which an answer is being generated.
  private var closing: Handover?
  /// Whether a key was struck since an answer to bars was generated, and whether it has been generated for the last
  /// time.
  private var isStale = false
  private var isFinal = false
  /// Whether the human has played a phrase without accompaniment.
  private var hasHeardPhrase = false

  /// The human plays the first phrase alone: up to a gap of this length, or for at most this long.
  private static let (phraseGap, firstPhrase) = (Tick(ofSession: 0.5), Tick(ofSession: 6))

  /// How long before a bar line an answer is generated, and generated again if a key was struck since.
  private static let barThinking = Tick(ofSession: 0.35)
  private static let secondThought = Tick(ofSession: 0.12)

  package init(_ settings: Settings) { self.settings = settings }

  /// A turn that the human ends within this time does not count.
  package static let falseEntry = Tick(ofSession: 1)
  /// Two pauses of false entries within `memory` count as the same if they differ by less than the fraction `likeness`;
  /// the machine then waits longer than they were, up to `longestPause`.
  private static let (likeness, memory, longestPause) = (0.15, Tick(ofSession: 30), Tick(ofSession: 3))

  private static func areAlike(_ a: Tick, _ b: Tick) -> Bool {
    abs(a.sessionSeconds - b.sessionSeconds) < likeness * max(a, b).sessionSeconds
  }

  /// The pause after which the machine takes the turn now. It adapts: a human who continued twice after pauses of one
  /// length has such pauses in the music.
  package var pause: Tick? {
    guard let pause = settings.pause else { return nil }
    let recent = mistakes.filter { $0.time >= (lastOnset ?? .zero) - Self.memory }.map(\.pause)
    let habits = recent.filter { one in recent.count { Self.areAlike($0, one) } > 1 }
    let longest = Tick(ofSession: (habits.max() ?? .zero).sessionSeconds * (1 + Self.likeness))
    return max(pause, min(Self.longestPause, longest))
  }

  /// The next time at which something happens without input; nil for never.
  package var nextDeadline: Tick? {
    if state == .accompanying { return lastOnset.map { $0 + settings.patience } }
    guard let upcoming else { return nil }
    return switch state {
    case .listening: upcoming.thinking
    case .closing: (isStale && !isFinal ? upcoming.start - Self.secondThought : upcoming.start) - settings.latency
    case .answering, .accompanying, .ending, .stopped: nil
    }
  }

  /// The turn that begins if nobody plays, and the time at which its answer is generated.
  private var upcoming: (handover: Handover, start: Tick, thinking: Tick)? {
    guard !settings.accompanies else { return nil }
    guard settings.tradedBars == nil else {
      guard let turnBar, notes > 0, let start = tick(ofBar: turnBar) else { return nil }
      return (.bars, start, start - Self.barThinking)
    }
    let turns = [pauseTurn, barTurn].compactMap(\.self)
    return turns.first { $0.handover == closing } ?? turns.min { $0.thinking < $1.thinking }
  }

  private var pauseTurn: (handover: Handover, start: Tick, thinking: Tick)? {
    guard let pause, let lastOnset, isPhrase else { return nil }
    var start = lastOnset + pause
    if let pulse { start = pulse.next(settings.meter.quartersPerBeat, from: start) }
    return (.pause, start, lastOnset + Tick(ofSession: pause.sessionSeconds * settings.thinkingPart))
  }

  private var barTurn: (handover: Handover, start: Tick, thinking: Tick)? {
    guard let bars = settings.callBars, let pulse, let firstOnset else { return nil }
    // A first note on the last beat of a bar is an upbeat to the next bar.
    let meter = settings.meter
    let bar = ((pulse.quarters(at: firstOnset) + meter.quartersPerBeat) / meter.quartersPerBar).rounded(.down)
    let start = pulse.tick(ofQuarter: (bar + Double(bars)) * meter.quartersPerBar)
    return (.bars, start, start - Self.barThinking)
  }

  private func tick(ofBar bar: Int) -> Tick? { pulse?.tick(ofQuarter: Double(bar) * settings.meter.quartersPerBar) }

  /// The end of the machine's turn when bars are traded.
  package var turnEnd: Tick? {
    guard let bars = settings.tradedBars, let turnBar else { return nil }
    return tick(ofBar: turnBar + bars)
  }

  /// The time from which the human's notes stop the machine; nil while it does not play. When bars are traded, the
  /// human may finish a phrase on the first beat of the machine's turn.
  package var yieldsFrom: Tick? {
    guard state == .answering else { return nil }
    guard let pulse, let turnBar, settings.tradedBars != nil, let start = tick(ofBar: turnBar) else { return .zero }
    return start + Tick(ofSession: settings.meter.quartersPerBeat * pulse.secondsPerQuarter)
  }

  /// Finds the machine's next turn of whole bars.
  private mutating func findTurn(from time: Tick) {
    guard let bars = settings.tradedBars, let pulse else {
      turnBar = nil
      return
    }
    let position = pulse.quarters(at: time) / settings.meter.quartersPerBar
    let round = max(0, ((position - Double(bars)) / Double(2 * bars) - 1e-6).rounded(.up))
    turnBar = bars + 2 * bars * Int(round)
  }

  /// Sets the pulse from now on.
  package mutating func follow(_ pulse: Pulse?, at time: Tick) -> [Action] {
    self.pulse = pulse
    switch state {
    case .listening, .stopped: findTurn(from: time)
    case .closing where closing == .bars && pulse == nil:
      state = .listening
      return [.forget]
    case .closing, .answering, .accompanying, .ending: break
    }
    return []
  }

  /// Starts or stops trading bars.
  package mutating func trade(bars: Int?, at time: Tick) {
    settings.tradedBars = bars
    if state != .closing { findTurn(from: time) }
  }

  /// Starts or stops accompanying.
  package mutating func accompany(_ isOn: Bool) -> [Action] {
    settings.accompanies = isOn
    switch state {
    case .closing where isOn:
      (state, closing) = (.listening, nil)
      return [.forget]
    case .accompanying where !isOn: return endAccompanying(.handBack)
    default: return []
    }
  }

  /// Whether a note starts the accompaniment: it begins a phrase after the first, or the first phrase has become too
  /// long.
  private func isNextPhrase(at time: Tick) -> Bool {
    guard settings.accompanies, isPhrase, let firstOnset, let lastOnset else { return false }
    return hasHeardPhrase || time - lastOnset >= Self.phraseGap || time - firstOnset >= Self.firstPhrase
  }

  private mutating func join(_ handover: Handover, at time: Tick) -> [Action] {
    (state, closing, taken, hasHeardPhrase) = (.accompanying, nil, nil, true)
    lastOnset = time
    return [.begin(handover)]
  }

  private mutating func endAccompanying(_ action: Action) -> [Action] {
    state = .ending
    forgetCall()
    return [action]
  }

  /// Whether the music since the last turn is long enough for an answer.
  private var isPhrase: Bool {
    guard let firstOnset, let lastOnset else { return false }
    return notes >= settings.minimumNotes || lastOnset - firstOnset >= settings.minimumLength
  }

  /// Handles the deadline when its time has come.
  package mutating func timePassed() -> [Action] {
    if state == .accompanying { return endAccompanying(.rest) }
    guard let upcoming, nextDeadline != nil else { return [] }
    if state == .listening {
      (state, closing, isStale, isFinal) = (.closing, upcoming.handover, false, false)
      return [.rehearse(upcoming.start)]
    }
    if isStale, !isFinal {
      isFinal = true
      return [.rehearse(upcoming.start)]
    }
    let call = lastOnset.map { (firstOnset, $0, notes, upcoming.start) }
    defer { if upcoming.handover == .pause { taken = call } }
    return takeTurn(upcoming.handover, at: upcoming.start)
  }

  private mutating func takeTurn(_ handover: Handover, at time: Tick) -> [Action] {
    (state, closing, taken, turnStart) = (.answering, nil, nil, time)
    forgetCall()
    return [.begin(handover)]
  }

  /// Leaves the machine's turn, which ends now, out of the times of mistakes.
  private mutating func endTurn(at time: Tick) {
    guard let start = turnStart else { return }
    for index in mistakes.indices { mistakes[index].time = mistakes[index].time + (time - start) }
    turnStart = nil
  }

  private mutating func forgetCall() { (firstOnset, lastOnset, notes) = (nil, nil, 0) }

  /// Handles a note of the human.
  package mutating func humanStrikes(at time: Tick) -> [Action] {
    if let yieldsFrom, time < yieldsFrom { return [] }
    if state == .answering { learn(at: time) } else { remember(at: time) }
    // The human left bars empty; these and the bars that would have answered them are over.
    if state == .listening, let turnBar, let start = tick(ofBar: turnBar), start <= time { findTurn(from: time) }
    let isJoined = state == .listening && isNextPhrase(at: time)
    firstOnset = firstOnset ?? time
    lastOnset = time
    notes += 1
    if isJoined { return join(.playing, at: time) }
    switch state {
    case .listening, .accompanying, .ending, .stopped: return []
    case .closing where closing == .bars:
      isStale = true
      return []
    case .closing:
      (state, closing) = (.listening, nil)
      return [.forget]
    case .answering:
      state = .listening
      findTurn(from: time)
      return [.yield]
    }
  }

  /// Learns from the human coming in while the machine plays: if it has only just begun, the human had not finished,
  /// and the call continues.
  private mutating func learn(at time: Tick) {
    endTurn(at: time)
    mistakes.removeAll { $0.time < time - Self.memory }
    guard let call = taken, time - call.start < Self.falseEntry else { return }
    mistakes.append((time - call.lastOnset, time))
    (firstOnset, lastOnset, notes) = (call.firstOnset, call.lastOnset, call.notes)
  }

  /// Remembers mistakes anew whose pauses occur again.
  private mutating func remember(at time: Tick) {
    guard let pause = settings.pause, let lastOnset, time - lastOnset >= pause else { return }
    for index in mistakes.indices where Self.areAlike(mistakes[index].pause, time - lastOnset) {
      mistakes[index].time = time
    }
  }

  /// Handles a signal: the machine starts to play or, if it is playing, stops.
  ///
  /// When bars are traded, the bars decide when it starts, and a signal can only stop it.
  package mutating func humanSignals(_ handover: Handover, at time: Tick) -> [Action] {
    switch state {
    case .listening where settings.accompanies: return join(handover, at: time)
    case .accompanying: return endAccompanying(.handBack)
    case .listening where turnBar != nil, .closing where turnBar != nil: return []
    case .listening: return takeTurn(handover, at: time)
    case .closing: return [.forget] + takeTurn(handover, at: time)
    case .answering:
      state = .ending
      return [.handBack]
    case .ending, .stopped: return []
    }
  }

  /// Handles the end of the machine's answer.
  package mutating func answerIsOver(at time: Tick) {
    guard state == .answering || state == .accompanying || state == .ending else { return }
    endTurn(at: time)
    state = .listening
    findTurn(from: time)
  }

  /// Stops everything until `goOn`: the transport stopped, the output is gone, or silence was requested.
  package mutating func stop() -> [Action] {
    guard state != .stopped else { return [] }
    (state, closing) = (.stopped, nil)
    forgetCall()
    return [.forget, .silence]
  }

  package mutating func goOn(at time: Tick) {
    guard state == .stopped else { return }
    endTurn(at: time)
    state = .listening
    forgetCall()
    findTurn(from: time)
  }
}

/// The signal that made the machine play.
package enum Handover: String, CaseIterable, Hashable, Sendable {
  case pause
  /// A controller such as the soft pedal.
  case controller = "cc"
  /// A key of the computer keyboard.
  case key
  /// A key of the instrument reserved for signals.
  case note
  case program
  /// The end of a number of bars.
  case bars
  /// The human's playing, which is accompanied.
  case playing
}
