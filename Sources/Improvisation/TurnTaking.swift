package import MusicCore

/// Turn-taking: a state machine that reads times and no music.
///
/// It receives what happens, says by `nextDeadline` when it must be called although nothing did, and returns what is to be done.
package struct TurnTaking: Sendable {
  package enum State: String, Sendable {
    /// The human's turn.
    case listening
    /// Nothing has been played for a while: an answer is generated.
    case closing
    /// The machine's turn.
    case answering
    /// Both play.
    case accompanying
    /// The machine's last notes end.
    case ending
    /// Nothing is played until it goes on.
    case stopped
  }

  package struct Settings: Sendable {
    /// How long nobody strikes a key before the machine takes the turn; nil where a pause is no signal.
    package var pause: Tick? = Tick(ofSession: 1)
    /// A phrase has at least this number of notes, or lasts this long.
    package var minimumNotes = 3
    package var minimumLength = Tick(ofSession: 0.7)
    /// The part of the pause after which an answer is generated: late enough not to happen after every note of slow music.
    package var thinkingPart = 0.65
    /// After how many bars from its first on a call is over; nil where bars are no signal.
    package var callBars: Int?
    /// How many bars each of both plays in turn, from the start of the song on, the human first; nil where they do not trade.
    package var tradedBars: Int?
    /// Whether the machine plays while the human does, and how long after his last note it goes on.
    package var accompanies = false
    package var patience = Tick(ofSession: 4)
    package var meter = Meter(numerator: 4, denominator: 4)
    /// How much earlier than it is to begin an answer must be given out.
    package var latency = Tick.zero

    package init() {}
  }

  package enum Action: Hashable, Sendable {
    /// Generate an answer that is to begin at a time, if nothing is played until then.
    case rehearse(Tick)
    /// Discard what was generated.
    case forget
    /// Play, because of a pause or of a signal.
    case begin(Handover)
    /// The human plays: take back what is planned, at once.
    case yield
    /// The human takes the turn back: end at the next onset.
    case handBack
    /// Nobody is accompanied any more: end at the next onset.
    case rest
    /// End everything.
    case silence
  }

  package private(set) var state = State.listening
  package private(set) var settings: Settings
  /// Where the beats are; nil where they are not known.
  package private(set) var pulse: Pulse?
  private var firstOnset: Tick?
  private var lastOnset: Tick?
  private var notes = 0
  /// What the call was when the machine took the turn after a pause, and when that was.
  private var taken: (firstOnset: Tick?, lastOnset: Tick, notes: Int, start: Tick)?
  /// Pauses after which the human went on as soon as the machine had begun, and when he did.
  private var mistakes: [(pause: Tick, time: Tick)] = []
  /// The bar with which the machine's next turn begins, or its last one began, where bars are traded.
  private var turnBar: Int?
  /// What begins the turn for which an answer is generated.
  private var closing: Handover?
  /// Whether a key was struck since an answer to bars was generated, and whether that was the last time.
  private var isStale = false
  private var isFinal = false
  /// Whether a phrase of the human's has been heard that was not accompanied.
  private var isAcquainted = false

  /// Whoever is to be accompanied plays a phrase by himself first: up to a gap of this length, or for so long.
  private static let (phraseGap, firstPhrase) = (Tick(ofSession: 0.5), Tick(ofSession: 6))

  /// How long before a bar line an answer is generated, and generated again where a key was struck since.
  private static let barThinking = Tick(ofSession: 0.35)
  private static let secondThought = Tick(ofSession: 0.12)

  package init(_ settings: Settings) { self.settings = settings }

  /// A turn that the human ends within this time does not count.
  package static let falseEntry = Tick(ofSession: 1)
  /// Pauses after a mistake: two that are alike, up to this part, are not taken for an end as long as they are not longer ago
  /// than this, and up to a longest one.
  private static let (likeness, memory, longestPause) = (0.15, Tick(ofSession: 30), Tick(ofSession: 3))

  /// How long nobody strikes a key before the machine takes the turn now. Whoever goes on twice after pauses of one length has
  /// such pauses in the music.
  package var pause: Tick? {
    guard let pause = settings.pause else { return nil }
    let recent = mistakes.filter { $0.time >= (lastOnset ?? .zero) - Self.memory }
    let seconds = recent.map(\.pause.sessionSeconds)
    let habits = seconds.filter { one in seconds.count { abs($0 - one) < Self.likeness * one } > 1 }
    let longest = Tick(ofSession: (habits.max() ?? 0) * (1 + Self.likeness))
    return max(pause, min(Self.longestPause, longest))
  }

  /// When something is to happen though nobody plays; nil for never.
  package var nextDeadline: Tick? {
    if state == .accompanying { return lastOnset.map { $0 + settings.patience } }
    guard let upcoming else { return nil }
    return switch state {
    case .listening: upcoming.thinking
    case .closing: (isStale && !isFinal ? upcoming.start - Self.secondThought : upcoming.start) - settings.latency
    case .answering, .accompanying, .ending, .stopped: nil
    }
  }

  /// The turn that begins if nobody plays, and when its answer is to be generated.
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
    // What comes on the last beat of a bar is an upbeat to the next.
    let meter = settings.meter
    let bar = ((pulse.quarters(at: firstOnset) + meter.quartersPerBeat) / meter.quartersPerBar).rounded(.down)
    let start = pulse.tick(ofQuarter: (bar + Double(bars)) * meter.quartersPerBar)
    return (.bars, start, start - Self.barThinking)
  }

  private func tick(ofBar bar: Int) -> Tick? { pulse?.tick(ofQuarter: Double(bar) * settings.meter.quartersPerBar) }

  /// When the machine's turn must be over, where bars are traded.
  package var turnEnd: Tick? {
    guard let bars = settings.tradedBars, let turnBar else { return nil }
    return tick(ofBar: turnBar + bars)
  }

  /// From when on the machine stops for what the human strikes; nil where it does not play. Whoever trades bars may end his
  /// with the first beat of the next.
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

  /// The beats are, from now on, where `pulse` says.
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

  /// Bars are traded from now on, or not any more.
  package mutating func trade(bars: Int?, at time: Tick) {
    settings.tradedBars = bars
    if state != .closing { findTurn(from: time) }
  }

  /// What the human plays is accompanied from now on, or not any more.
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

  /// Whether a strike begins what is accompanied: a phrase after the first, or the first where it goes on and on.
  private func isNextPhrase(at time: Tick) -> Bool {
    guard settings.accompanies, isPhrase, let firstOnset, let lastOnset else { return false }
    return isAcquainted || time - lastOnset >= Self.phraseGap || time - firstOnset >= Self.firstPhrase
  }

  private mutating func join(_ handover: Handover, at time: Tick) -> [Action] {
    (state, closing, taken, isAcquainted) = (.accompanying, nil, nil, true)
    lastOnset = time
    return [.begin(handover)]
  }

  private mutating func endAccompanying(_ action: Action) -> [Action] {
    state = .ending
    forgetCall()
    return [action]
  }

  /// Whether what was played since the last turn is worth an answer.
  private var isPhrase: Bool {
    guard let firstOnset, let lastOnset else { return false }
    return notes >= settings.minimumNotes || lastOnset - firstOnset >= settings.minimumLength
  }

  /// Time has come to the deadline.
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
    return takeTurn(upcoming.handover)
  }

  private mutating func takeTurn(_ handover: Handover) -> [Action] {
    (state, closing, taken) = (.answering, nil, nil)
    forgetCall()
    return [.begin(handover)]
  }

  private mutating func forgetCall() { (firstOnset, lastOnset, notes) = (nil, nil, 0) }

  /// The human strikes a key.
  package mutating func humanStrikes(at time: Tick) -> [Action] {
    if let yieldsFrom, time < yieldsFrom { return [] }
    if state == .answering { learn(at: time) }
    // The bars that he left empty are over, and so are those that would have answered them.
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

  /// The human comes in while the machine plays. If it has only just begun, he had not ended, and his call goes on.
  private mutating func learn(at time: Tick) {
    mistakes.removeAll { $0.time < time - Self.memory }
    guard let call = taken, time - call.start < Self.falseEntry else { return }
    mistakes.append((time - call.lastOnset, time))
    (firstOnset, lastOnset, notes) = (call.firstOnset, call.lastOnset, call.notes)
  }

  /// The human asks the machine to play, or to stop where it plays.
  ///
  /// Where bars are traded the bars say when it begins, and it may be asked to stop.
  package mutating func humanSignals(_ handover: Handover, at time: Tick) -> [Action] {
    switch state {
    case .listening where settings.accompanies: return join(handover, at: time)
    case .accompanying: return endAccompanying(.handBack)
    case .listening where turnBar != nil, .closing where turnBar != nil: return []
    case .listening: return takeTurn(handover)
    case .closing: return [.forget] + takeTurn(handover)
    case .answering:
      state = .ending
      return [.handBack]
    case .ending, .stopped: return []
    }
  }

  /// The machine's last note has ended, or it has nothing to play.
  package mutating func answerIsOver(at time: Tick) {
    guard state == .answering || state == .accompanying || state == .ending else { return }
    state = .listening
    findTurn(from: time)
  }

  /// Nothing may be played until `goOn`: the transport stopped, the output is gone, or someone wants silence.
  package mutating func stop() -> [Action] {
    guard state != .stopped else { return [] }
    (state, closing) = (.stopped, nil)
    forgetCall()
    return [.forget, .silence]
  }

  package mutating func goOn(at time: Tick) {
    guard state == .stopped else { return }
    state = .listening
    forgetCall()
    findTurn(from: time)
  }
}

/// What made the machine play.
package enum Handover: String, CaseIterable, Hashable, Sendable {
  case pause
  /// A controller such as the soft pedal.
  case controller = "cc"
  /// A key of the computer.
  case key
  /// A key of the instrument that does nothing else.
  case note
  case program
  /// So many bars are over.
  case bars
  /// The human plays, and is accompanied.
  case playing
}
