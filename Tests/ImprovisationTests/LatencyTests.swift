import Improvisation
import MusicCore
import Testing

/// Messages that are sent early because of the output latency.
@Suite struct LatencyTests {
  /// However a turn begins, its notes are planned early enough to be sent one output latency before they are to be
  /// heard.
  @Test(arguments: DuetSettings.Mode.allCases, [0.0, 0.04])
  func notesArePlannedInTime(mode: DuetSettings.Mode, latency: Double) {
    var settings = DuetSettings(seed: 2)
    (settings.mode, settings.latency, settings.bars, settings.answer) = (mode, latency, 1, .seconds(4))
    let driver = DuetDriver(Duet(ScriptedMusician(seed: 5), settings))
    var strikes: [(now: Tick, tick: Tick)] = []
    driver.onCue = { cue in
      if case .play(let message, let tick) = cue, case .noteOn = message.kind {
        strikes.append((driver.duet.time, tick))
      }
    }
    if mode == .trade { driver.receive(.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)), at: .zero) }
    for round in 0..<4 {
      let start = 8 * Double(round)
      for index in 0..<7 {
        driver.receive(.message(on(80 + index)), at: (start + 0.27 * Double(index)).s)
        driver.receive(.message(off(80 + index)), at: (start + 0.27 * Double(index) + 0.2).s)
      }
      if round % 2 == 1 { driver.receive(.signal(.controller), at: (start + 1.95).s) }
      driver.run(to: (start + 7.5).s)
    }
    #expect(strikes.count > 10)
    let late = strikes.filter { $0.tick < $0.now + latency.s }
    #expect(late.isEmpty, "\(late.map { [$0.now.sessionSeconds, $0.tick.sessionSeconds] })")
  }

  /// A turn whose start is in the past when it becomes known begins at once: nothing is planned for the past.
  @Test(arguments: [true, false])
  func aTurnThatIsOverdueBeginsNow(byMode: Bool) {
    var settings = DuetSettings(seed: 2)
    (settings.bars, settings.answer) = (4, .seconds(4))
    if byMode { settings.mode = .trade } else { (settings.turns.callBars, settings.turns.pause) = (1, nil) }
    let driver = DuetDriver(Duet(ScriptedMusician(seed: 5), settings))
    var late: [Double] = []
    driver.onCue = { cue in
      if case .play(_, let tick) = cue, tick < driver.duet.time {
        late.append((tick - driver.duet.time).sessionSeconds)
      }
    }
    let pulse = DuetDriver.Event.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5))
    if byMode { driver.receive(pulse, at: .zero) }
    for index in 0..<6 {
      driver.receive(.message(on(80 + index)), at: (0.1 + 0.2 * Double(index)).s)
      driver.receive(.message(off(80 + index)), at: (0.2 + 0.2 * Double(index)).s)
    }
    // The pause or the bar ended long before.
    driver.receive(byMode ? .adjustment(.mode(.respond)) : pulse, at: 6.2.s)
    driver.run(to: 20.0.s)
    #expect(late.isEmpty, "\(late)")
    #expect(driver.duet.turns.count == 1 && driver.duet.turns.allSatisfy { $0.start >= 6.2.s && $0.notes > 0 })
  }

  /// A stretch that is ready only after the time from which it was to be played is counted. In a pause, and while the
  /// machine plays, there is time to generate; after a signal there is none.
  @Test(arguments: [(Handover.pause, 0.0, false), (.pause, 0.2, false), (.pause, 1.5, true), (.key, 0.2, true)])
  func lateGenerationIsCounted(handover: Handover, delay: Double, isLate: Bool) {
    var settings = DuetSettings(seed: 2)
    settings.answer = .seconds(4)
    let duet = Duet(ScriptedMusician(seed: 5), settings)
    let driver = DuetDriver(duet)
    driver.onWork = { work in if work() { duet.note(thinking: 1000 * delay, at: duet.time + delay.s) } }
    for index in 0..<5 {
      driver.receive(.message(on(80 + index)), at: (0.2 * Double(index)).s)
      driver.receive(.message(off(80 + index)), at: (0.2 * Double(index) + 0.1).s)
    }
    if handover == .key { driver.receive(.signal(.key), at: 0.95.s) }
    driver.run(to: 12.0.s)
    #expect(duet.turns.map(\.handover) == [handover] && duet.turns[0].notes > 0)
    #expect((duet.lateDecisions > 0) == isLate, "\(duet.lateDecisions)")
  }

  /// Notes that were sent before the human's note was received are recorded as played, and end.
  @Test func notesAlreadySentEnd() {
    for millisecond in stride(from: 0, to: 400, by: 7) {
      var settings = DuetSettings(seed: 1)
      (settings.answer, settings.latency) = (.seconds(8), 0.05)
      let stage = SimulatedStage(Duet(ScriptedMusician(seed: 5), settings))
      for index in 0..<5 { stage.receive(.message(on(80 + index)), at: (0.2 * Double(index)).s) }
      let entrance = (3.0 + Double(millisecond) / 1000).s
      stage.run(to: entrance)
      let planned = Set(
        stage.duet.plan.filter { $0.level != nil && $0.tick > entrance && $0.tick < entrance + 0.05.s }.map(\.tick))
      stage.receive(.message(on(72)), at: entrance)
      stage.run(to: entrance + 2.0.s)
      let onsets = Set(
        stage.played.filter { if case .noteOn = $0.message.kind { $0.tick > entrance } else { false } }.map(\.tick))
      #expect(onsets.isSuperset(of: planned), "\(millisecond) ms: a sent note is canceled")
      #expect(onsets.allSatisfy { $0 <= entrance + 0.055.s })
      #expect(stage.duet.isQuiet)
    }
  }
}
