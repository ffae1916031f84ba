import Improvisation
import MusicCore
import TestSupport
import Testing

/// The state machine of turn-taking alone, in every state and with every input.
@Suite struct TurnTakingTests {
  private enum Input: String, CaseIterable {
    case strike, signal, pulse, noPulse, trade, noTrade, accompany, noAccompany, over, stop, goOn, wait
  }

  /// A state machine, the actions it has taken, and its violations of the rules.
  private struct Session {
    var taking: TurnTaking
    var time = Tick.zero
    /// Whether a turn of the machine is running, and whether the human has struck a key since the last turn that began
    /// after a pause.
    var isItsTurn = false
    var isCall = false
    var visited: Set<[String]> = []
    var mistakes: [String] = []
    var begun = 0

    mutating func take(_ actions: [TurnTaking.Action], before state: TurnTaking.State) {
      for action in actions {
        let wasStopped = state == .stopped
        switch action {
        case .begin(let handover):
          begun += 1
          if wasStopped || isItsTurn { mistakes.append("\(action) in the state \(state)") }
          if handover == .pause, !isCall { mistakes.append("a second answer to a call") }
          (isItsTurn, isCall) = (true, handover == .playing)
        case .rehearse:
          if wasStopped || isItsTurn { mistakes.append("\(action) in the state \(state)") }
        case .yield:
          if state != .answering || taking.state != .listening { mistakes.append("it yields in the state \(state)") }
          isItsTurn = false
        case .handBack, .rest:
          if !isItsTurn { mistakes.append("\(action) in the state \(state)") }
        case .silence:
          if taking.state != .stopped { mistakes.append("silence, but \(taking.state)") }
          isItsTurn = false
        case .forget: break
        }
      }
    }

    /// Time passes from deadline to deadline.
    mutating func pass(to end: Tick) {
      var count = 0
      while let deadline = taking.nextDeadline, deadline <= end {
        count += 1
        guard count < 50 else { return mistakes.append("its deadlines do not end") }
        time = max(time, deadline)
        let state = taking.state
        take(taking.timePassed(), before: state)
        if taking.nextDeadline == deadline, taking.state == state { mistakes.append("\(state) repeats its deadline") }
      }
      time = max(time, end)
    }

    mutating func receive(_ input: Input, _ generator: inout SeededGenerator) {
      let state = taking.state
      visited.insert([state.rawValue, input.rawValue])
      switch input {
      case .strike:
        isCall = true
        take(taking.humanStrikes(at: time), before: state)
      case .signal: take(taking.humanSignals(.key, at: time), before: state)
      case .pulse:
        let seconds = Double.random(in: 0.3...1, using: &generator)
        let pulse = Pulse(quarters: 3, seconds: time.sessionSeconds, secondsPerQuarter: seconds)
        take(taking.follow(pulse, at: time), before: state)
      case .noPulse: take(taking.follow(nil, at: time), before: state)
      case .trade: taking.trade(bars: 1, at: time)
      case .noTrade: taking.trade(bars: nil, at: time)
      case .accompany: take(taking.accompany(true), before: state)
      case .noAccompany: take(taking.accompany(false), before: state)
      case .over:
        // An accompaniment has no end of its own.
        if [.answering, .ending].contains(state) {
          isItsTurn = false
          taking.answerIsOver(at: time)
        }
      case .stop: take(taking.stop(), before: state)
      case .goOn: taking.goOn(at: time)
      case .wait: break
      }
    }
  }

  /// Counts the false entries in bars of three seconds that end with a pause of 1.6 s.
  private func falseEntries(_ taking: inout TurnTaking, bars: Int, from start: Double) -> Int {
    var count = 0
    for bar in 0..<bars {
      for beat in 0..<3 {
        let time = (start + 3 * Double(bar) + 0.7 * Double(beat)).s
        wait(&taking, until: time)
        if taking.humanStrikes(at: time).contains(.yield) { count += 1 }
      }
    }
    return count
  }

  private func wait(_ taking: inout TurnTaking, until time: Tick) {
    while let deadline = taking.nextDeadline, deadline <= time { _ = taking.timePassed() }
  }

  /// After two false entries the pauses of slow music are waited for as long as they recur, and after answers too: no
  /// time passes for this memory while the machine plays.
  @Test func mistakesAreRememberedWhileTheyMatter() {
    var taking = TurnTaking(TurnTaking.Settings())
    #expect(falseEntries(&taking, bars: 20, from: 0) == 2)
    for phrase in 1..<4 {
      let start = 60 * Double(phrase)
      wait(&taking, until: (start + 2.5).s)
      #expect(taking.state == .answering)
      taking.answerIsOver(at: (start + 45).s)
      #expect(falseEntries(&taking, bars: 3, from: start + 50) == 0, "phrase \(phrase)")
    }
    // Other music makes it forget them.
    for index in 0..<66 {
      let time = (239 + 0.5 * Double(index)).s
      wait(&taking, until: time)
      _ = taking.humanStrikes(at: time)
    }
    #expect(taking.pause == 1.0.s)
  }

  /// 100,000 players with random inputs at random times.
  @Test func acceptsEveryInputInEveryState() {
    var (visited, begun) = (Set<[String]>(), 0)
    for seed in 0..<100_000 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var settings = TurnTaking.Settings()
      if seed % 3 == 0 { settings.callBars = 1 }
      if seed % 5 == 0 { settings.pause = nil }
      var session = Session(taking: TurnTaking(settings))
      // Mostly notes: other inputs would otherwise rarely occur during a turn.
      let usual: [Input] = [.strike, .strike, .strike, .wait, .signal, .over]
      for _ in 0..<16 {
        let gap = [0, 30, 400, 1300, 2500].randomElement(using: &generator) ?? 0
        session.pass(to: session.time + Tick(rawValue: Int64(gap)))
        let inputs = generator.oneIn(3) ? Input.allCases : usual
        session.receive(inputs.randomElement(using: &generator) ?? .wait, &generator)
      }
      #expect(session.mistakes.isEmpty, "seed \(seed): \(session.mistakes)")
      visited.formUnion(session.visited)
      begun += session.begun
    }
    let states: [TurnTaking.State] = [.listening, .closing, .answering, .accompanying, .ending, .stopped]
    #expect(visited.count == states.count * Input.allCases.count, "\(visited.count)")
    #expect(begun > 100_000, "\(begun) turns")
  }
}
