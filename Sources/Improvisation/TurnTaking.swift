package import MusicCore

/// Whose turn it is: a state machine that knows times and no music.
///
/// It is told what happens, and by `nextDeadline` when it wants to be told that nothing did; it says what is to be done.
package struct TurnTaking: Sendable {
  package enum State: String, Sendable {
    /// The human's turn.
    case listening
    /// Nothing has been played for a while: an answer is thought about.
    case closing
    /// The machine's turn.
    case answering
    /// The machine's last notes end.
    case ending
    /// Nothing is played until it goes on.
    case stopped
  }

  package struct Settings: Sendable {
    /// How long nobody strikes a key before the machine takes the turn; nil where a pause is no signal.
    package var pause: Tick? = Tick(ofSession: 1)
    /// A phrase has so many notes, or lasts so long.
    package var minimumNotes = 3
    package var minimumLength = Tick(ofSession: 0.7)
    /// After what part of the pause an answer is thought about: late enough not to be for every note of slow music.
    package var thinkingPart = 0.65

    package init() {}
  }

  package enum Action: Hashable, Sendable {
    /// Think about an answer that is to begin at a time, if nothing is played until then.
    case rehearse(Tick)
    /// Forget what was thought about.
    case forget
    /// Play, because of a pause or of a signal.
    case begin(Handover)
    /// The human plays: take back what is planned, at once.
    case yield
    /// The human wants the turn back: end at the next onset.
    case handBack
    /// End everything.
    case silence
  }

  package private(set) var state = State.listening
  private let settings: Settings
  private var firstOnset: Tick?
  private var lastOnset: Tick?
  private var notes = 0

  package init(_ settings: Settings) { self.settings = settings }

  /// When something is to happen though nobody plays; nil for never.
  package var nextDeadline: Tick? {
    guard let pause = settings.pause, let lastOnset, isPhrase else { return nil }
    return switch state {
    case .listening: lastOnset + Tick(ofSession: pause.sessionSeconds * settings.thinkingPart)
    case .closing: lastOnset + pause
    case .answering, .ending, .stopped: nil
    }
  }

  /// Whether what was played since the last turn is worth an answer.
  private var isPhrase: Bool {
    guard let firstOnset, let lastOnset else { return false }
    return notes >= settings.minimumNotes || lastOnset - firstOnset >= settings.minimumLength
  }

  /// Time has come to the deadline.
  package mutating func timePassed() -> [Action] {
    guard let pause = settings.pause, let lastOnset, nextDeadline != nil else { return [] }
    if state == .listening {
      state = .closing
      return [.rehearse(lastOnset + pause)]
    }
    return takeTurn(.pause)
  }

  private mutating func takeTurn(_ handover: Handover) -> [Action] {
    state = .answering
    forgetCall()
    return [.begin(handover)]
  }

  private mutating func forgetCall() { (firstOnset, lastOnset, notes) = (nil, nil, 0) }

  /// The human strikes a key.
  package mutating func humanStrikes(at time: Tick) -> [Action] {
    firstOnset = firstOnset ?? time
    lastOnset = time
    notes += 1
    switch state {
    case .listening, .ending, .stopped: return []
    case .closing:
      state = .listening
      return [.forget]
    case .answering:
      state = .listening
      return [.yield]
    }
  }

  /// The human asks the machine to play, or to stop where it plays.
  package mutating func humanSignals(_ handover: Handover) -> [Action] {
    switch state {
    case .listening: return takeTurn(handover)
    case .closing: return [.forget] + takeTurn(handover)
    case .answering:
      state = .ending
      return [.handBack]
    case .ending, .stopped: return []
    }
  }

  /// The machine's last note has ended, or it has nothing to play.
  package mutating func answerIsOver() {
    if state == .answering || state == .ending { state = .listening }
  }

  /// Nothing may be played until `goOn`: the transport stopped, the output is gone, or someone wants silence.
  package mutating func stop() -> [Action] {
    guard state != .stopped else { return [] }
    state = .stopped
    forgetCall()
    return [.forget, .silence]
  }

  package mutating func goOn() {
    guard state == .stopped else { return }
    state = .listening
    forgetCall()
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
}
