import Improvisation
import MusicCore
import TestSupport
import Testing

/// A session on a clock, whose events are received late, in the order of their reception.
@Suite struct DriverTests {
  /// The recording and the messages of a session.
  private final class Log {
    private(set) var recording: SessionRecording
    let driver: DuetDriver
    /// The messages that the stage was to play and that were not canceled.
    private(set) var cued: [(message: ChannelMessage, tick: Tick)] = []

    init(_ musician: any Musician, _ settings: DuetSettings) {
      driver = DuetDriver(Duet(musician, settings))
      recording = SessionRecording(channel: settings.channel)
      driver.duet.onPlayed = { [unowned self] in recording.append($1, from: $0, at: $2) }
      driver.onCue = { [unowned self] cue in
        switch cue {
        case .play(let message, let tick): cued.append((message, tick))
        case .cancel(let tick): cued.removeAll { $0.tick > tick }
        case .silence: break
        }
      }
    }

    func receive(_ event: DuetDriver.Event, at tick: Tick) {
      let tick = driver.receive(event, at: tick)
      if let text = SessionRecording.text(of: event) { recording.note(text, of: .human, at: tick) }
    }
  }

  /// A random session: notes, signals, an instrument that is disconnected and connected again, with a clock that runs
  /// ahead of the received events.
  private func session(_ log: Log, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (time, down) = (0.0, Set<Int>())
    for _ in 0..<70 {
      time += [0, 0.0005, 0.05, 0.2, 1.4].randomElement(using: &generator) ?? 0
      // The clock may be up to 20 ms ahead of the next event.
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        log.driver.pass(to: (time + .random(in: -0.05...0.02, using: &generator)).s)
      }
      switch Int.random(in: 0..<16, using: &generator) {
      case 0: log.receive(.signal(.controller), at: time.s)
      case 1: log.receive(.stop, at: time.s)
      case 2, 3: log.receive(.goOn, at: time.s)
      case 4:
        let tempo = Double.random(in: 60...180, using: &generator)
        let pulse = Pulse(quarters: (time * 2).rounded(), seconds: time, secondsPerQuarter: 60 / tempo)
        log.receive(.pulse(generator.oneIn(5) ? nil : pulse), at: time.s)
      case 5:
        let adjustments: [Adjustment] = [
          .develop(0.7), .temperature(1.1), .dynamics(.p), .answer(2.5), .mode(.trade), .mode(.accompany),
          .mode(.respond), .forget,
        ]
        log.receive(.adjustment(adjustments.randomElement(using: &generator) ?? .forget), at: time.s)
      case 6..<10:
        guard let pitch = down.sorted().randomElement(using: &generator) else { continue }
        down.remove(pitch)
        log.receive(.message(off(pitch)), at: time.s)
      default:
        let pitch = Int.random(in: 50...80, using: &generator)
        if down.insert(pitch).inserted { log.receive(.message(on(pitch)), at: time.s) }
      }
    }
    for pitch in down.sorted() { log.receive(.message(off(pitch)), at: time.s) }
    log.receive(.stop, at: (time + .random(in: 0...3, using: &generator)).s)
    log.driver.pass(to: (time + 5).s)
  }

  /// Plays a recording as the player's part, as `aurl live --player --offline` does.
  private func replay(_ score: Score, _ log: Log) {
    let you = score.tracks[0]
    let played = Array(Score(tempoMap: score.tempoMap, tracks: [you]).events.played)
    var events = played.compactMap { event in
      if case .channel(let message) = event.message { (DuetDriver.Event.message(message), event.tick) } else { nil }
    }
    events += you.texts.compactMap { text in SessionRecording.event(of: text.string).map { ($0, text.tick) } }
    for (event, tick) in events.sorted(by: { $0.1 < $1.1 }) { log.receive(event, at: tick) }
    log.driver.finish(limit: log.driver.duet.time + 60.0.s)
  }

  @Test func aSessionIsReproducedFromItsRecording() throws {
    let model = try tinyModel()
    var answers = 0
    for seed in 0..<50 as Range<UInt64> {
      var settings = DuetSettings(seed: seed)
      settings.mode = DuetSettings.Mode.allCases[Int((seed + seed / 8) % 4)]
      (settings.bars, settings.sharesChannel) = (1, seed % 7 == 6)
      if seed % 5 == 4 { settings.tempo = 110 }
      (settings.answer, settings.tokensPerSecond) = (.seconds(3), 200)
      // Mostly the musician without a model, which is faster; the model has more state that could diverge.
      func musician() -> any Musician {
        seed % 8 == 0 ? Improviser(model, ImproviserSettings(seed: seed)) : ScriptedMusician(seed: seed)
      }
      let (first, second) = (Log(musician(), settings), Log(musician(), settings))
      session(first, seed: seed)
      replay(first.recording.score(), second)
      #expect(first.recording.score() == second.recording.score(), "seed \(seed)")
      #expect(first.driver.duet.isQuiet)
      answers += first.driver.duet.turns.count
      // The messages that the stage was to play are those that were recorded.
      let played = first.recording.score().tracks[1].notes.map { [$0.onset.rawValue, Int64($0.pitch.rawValue)] }
      let told = first.cued.compactMap { item in
        if case .noteOn(let pitch, _) = item.message.kind { [item.tick.rawValue, Int64(pitch.rawValue)] } else { nil }
      }
      #expect(Set(played) == Set(told), "seed \(seed)")
    }
    #expect(answers > 100)
  }

  @Test func textEventsEncodeOtherEvents() {
    let pulse = Pulse(quarters: 1 / 3, seconds: 0.1, secondsPerQuarter: 60 / 97)
    let adjustments: [Adjustment] = [
      .temperature(1 / 3), .develop(0.1), .dynamics(.ff), .answer(7), .mode(.accompany), .keyLock(true), .forget,
    ]
    let events: [DuetDriver.Event] =
      Handover.allCases.map { .signal($0) } + adjustments.map { .adjustment($0) }
      + [.stop, .goOn, .pulse(nil), .pulse(pulse)]
    for event in events {
      #expect(SessionRecording.text(of: event).flatMap(SessionRecording.event) == event)
    }
    #expect(SessionRecording.text(of: .message(on(60))) == nil)
    #expect(SessionRecording.event(of: "aurl signal dance") == nil && SessionRecording.event(of: "turn 1") == nil)
    #expect(SessionRecording.pace(of: SessionRecording.text(ofPace: 250)) == 250)
  }
}
