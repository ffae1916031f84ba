import Improvisation
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Turn-taking and planning, with a scripted musician in place of a model.
@Suite struct DuetTests {
  private static let second = 1.0.s

  /// Random input keeps these invariants: no onset after the player interrupts, every note ends exactly once, one answer
  /// per call, and no onset while playing is stopped.
  @Test func randomInputKeepsTheInvariants() throws {
    for seed in 0..<80 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var settings = DuetSettings(seed: seed)
      settings.mode = [.continue, .respond, .accompany, .respond][Int(seed % 4)]
      settings.answer = .seconds(Double(Int.random(in: 2...6, using: &generator)))
      settings.yielding = [.cut, .finish, .within(0.15)][Int(seed % 3)]
      let musician = ScriptedMusician(seed: seed)
      musician.isCareless = seed % 5 == 0
      let duet = Duet(musician, settings)
      let stage = SimulatedStage(duet)
      var (time, down, stops) = (Tick.zero, Set<Int>(), [ClosedRange<Tick>]())
      var intrusions: [(time: Tick, turns: Int)] = []
      for _ in 0..<60 {
        let gaps: [ClosedRange<Int>] = [0...20, 50...800, 1800...6000]
        time = time + Tick(rawValue: Int64(Int.random(in: gaps.randomElement(using: &generator)!, using: &generator)))
        switch Int.random(in: 0..<12, using: &generator) {
        case 0..<6:
          let pitch = Int.random(in: 45...75, using: &generator)
          stage.run(to: time)
          if duet.taking.state == .answering { intrusions.append((duet.time, duet.turns.count)) }
          stage.receive(.message(on(pitch)), at: time)
          down.insert(pitch)
        case 6..<9:
          guard let pitch = down.sorted().randomElement(using: &generator) else { continue }
          down.remove(pitch)
          stage.receive(.message(off(pitch)), at: time)
        case 9: stage.receive(.signal(.key), at: time)
        case 10: stage.run(to: time)
        default:
          stage.run(to: time)
          duet.stop(at: time)
          let start = duet.time
          time = time + 3.0.s
          stage.run(to: time)
          stops.append(start...time)
          duet.goOn(at: time)
        }
      }
      stage.finish(limit: time + 120.0.s)
      #expect(duet.isQuiet, "seed \(seed): the answer does not end")
      var sounding: [Pitch: Int] = [:]
      for (message, tick) in stage.played {
        switch message.kind {
        case .noteOn(let pitch, _):
          sounding[pitch, default: 0] += 1
          #expect(sounding[pitch] == 1, "seed \(seed): \(pitch) starts twice at \(tick.sessionSeconds)")
          let isStopped = stops.contains { $0.contains(tick) && tick > $0.lowerBound }
          #expect(!isStopped, "seed \(seed): an onset while stopped")
        case .noteOff(let pitch, _):
          sounding[pitch, default: 0] -= 1
          #expect(sounding[pitch] == 0, "seed \(seed): \(pitch) ends twice")
        case .control: break
        }
      }
      #expect(sounding.values.allSatisfy { $0 == 0 }, "seed \(seed): a note hangs")
      let onsets = stage.played.filter { if case .noteOn = $0.message.kind { true } else { false } }.map(\.tick)
      for intrusion in intrusions {
        let next = duet.turns.dropFirst(intrusion.turns).first?.start ?? Tick(rawValue: .max)
        let late = onsets.filter { $0 > intrusion.time + 0.015.s && $0 < next }
        #expect(late.isEmpty, "seed \(seed): an onset after the interruption at \(intrusion.time.sessionSeconds)")
      }
      for (turn, next) in zip(duet.turns, duet.turns.dropFirst()) {
        #expect(turn.start < next.start && turn.end.map { $0 <= next.start } ?? false)
        if next.handover == .pause { #expect(next.callNotes > 0, "an answer without a call") }
      }
    }
  }

  private func phrase(_ stage: SimulatedStage, at start: Double, notes: Int = 6, gap: Double = 0.25) {
    for index in 0..<notes {
      stage.receive(.message(on(60 + index)), at: (start + gap * Double(index)).s)
      stage.receive(.message(off(60 + index)), at: (start + gap * Double(index) + 0.2).s)
    }
  }

  /// The player interrupts at each millisecond of a second: no onset follows except those already sent.
  @Test(arguments: [DuetSettings.Yielding.cut, .finish, .within(0.15)])
  func interruptionsStopTheAnswer(yielding: DuetSettings.Yielding) {
    for millisecond in 0..<1000 {
      var settings = DuetSettings(seed: 1)
      (settings.answer, settings.yielding) = (.seconds(8), yielding)
      let stage = SimulatedStage(Duet(ScriptedMusician(seed: 5), settings))
      phrase(stage, at: 0)
      let entrance = (3.5 + Double(millisecond) / 1000).s
      stage.receive(.message(on(72)), at: entrance)
      stage.run(to: entrance + 3.0.s)
      let late = stage.played.filter { $0.tick > entrance + 0.005.s }
      let onsets = late.filter { if case .noteOn = $0.message.kind { true } else { false } }
      #expect(onsets.isEmpty, "\(millisecond) ms")
      if case .within(let seconds) = yielding { #expect(late.allSatisfy { $0.tick <= entrance + (seconds + 0.006).s }) }
      if yielding == .cut { #expect(late.allSatisfy { $0.tick <= entrance + 0.006.s }) }
      #expect(stage.duet.turns.first?.ending == .player)
    }
  }

  /// Slow music with a long rest in every bar: after two false entries the pause that ends a call is longer. The music
  /// before and after a false entry is one call.
  @Test func falseEntriesLengthenThePause() throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 6), DuetSettings(seed: 1)))
    for bar in 0..<7 {
      for beat in 0..<3 { stage.receive(.message(on(60 + 4 * beat)), at: (3 * Double(bar) + 0.7 * Double(beat)).s) }
    }
    stage.run(to: 60.0.s)
    let turns = stage.duet.turns
    #expect(turns.map(\.ending) == [.player, .player, .length])
    #expect(turns.map(\.callNotes) == [3, 6, 21])
    #expect(turns[2].start == (19.4 + 1.6 * 1.15).s)
    // Half a minute after the answer a pause of a second starts a turn again.
    for index in 0..<4 { stage.receive(.message(on(60 + index)), at: (90 + 0.2 * Double(index)).s) }
    stage.run(to: 105.0.s)
    #expect(stage.duet.turns.last?.start == 91.6.s)
  }

  /// When the model continues alone, its patience is the longest time, and does not vary.
  @Test func patienceIsALimit() throws {
    for seed in 0..<12 as Range<UInt64> {
      var settings = DuetSettings(seed: seed)
      (settings.mode, settings.patience) = (.continue, 4)
      let musician = ScriptedMusician(seed: seed)
      let stage = SimulatedStage(Duet(musician, settings))
      phrase(stage, at: 0)
      stage.finish(limit: 30.0.s)
      let first = try #require(musician.requests.first)
      #expect(first.end - first.from == 4 * 64 && first.mayEndFrom - first.from == 3 * 64)
      let turn = try #require(stage.duet.turns.first)
      #expect(turn.end.map { $0 - turn.start <= 4.05.s } ?? false, "seed \(seed)")
    }
  }

  /// Holding the last chord does not delay the answer, and the answer does not use its keys.
  @Test func aHeldChordIsAnswered() throws {
    let musician = ScriptedMusician(seed: 2)
    let stage = SimulatedStage(Duet(musician, DuetSettings(seed: 1)))
    phrase(stage, at: 0)
    for pitch in [48, 52, 55] { stage.receive(.message(on(pitch)), at: 2.0.s) }
    stage.run(to: 9.0.s)
    let turn = try #require(stage.duet.turns.first)
    #expect(turn.start == 3.0.s, "the pause is measured from the last onset, even if keys are held")
    let entry = try #require(turn.firstOnset)
    #expect(entry >= turn.start && entry - turn.start <= 0.62.s)
    #expect(musician.requests.last { $0.isFirst }?.foreign == [48, 52, 55])
    #expect(stage.duet.turns.count == 1, "one answer per call")
  }

  /// One or two short notes are not a call. A signal always starts a turn, and a second signal ends it.
  @Test func callsHaveAMinimumLength() {
    func turns(_ body: (SimulatedStage) -> Void) -> [Turn] {
      let stage = SimulatedStage(Duet(ScriptedMusician(seed: 3), DuetSettings(seed: 1)))
      body(stage)
      stage.finish(limit: 60.0.s)
      return stage.duet.turns
    }
    #expect(turns { self.phrase($0, at: 0, notes: 2) }.isEmpty)
    #expect(turns { self.phrase($0, at: 0, notes: 2, gap: 0.8) }.count == 1)
    #expect(turns { self.phrase($0, at: 0, notes: 3) }.count == 1)
    let signalled = turns { stage in
      self.phrase(stage, at: 0, notes: 1)
      stage.receive(.signal(.controller), at: 0.5.s)
    }
    #expect(signalled.map(\.handover) == [.controller])
    let first = signalled[0].firstOnset.map { ($0 - 0.5.s).sessionSeconds } ?? .infinity
    #expect(first > 0.007 && first <= 0.25 + 0.016, "within a quarter of a second after the signal: \(first)")
    let handedBack = turns { stage in
      self.phrase(stage, at: 0)
      stage.run(to: 3.5.s)
      stage.receive(.signal(.key), at: 3.5.s)
    }
    #expect(handedBack.map(\.ending) == [.signal])
    #expect(handedBack[0].end.map { $0 < 5.5.s } ?? false)
  }

  /// After a signal the budget of tokens is small, for a quick start; a pause leaves time for more candidates.
  @Test func signalsHaveASmallBudget() throws {
    let musician = ScriptedMusician(seed: 3)
    let stage = SimulatedStage(Duet(musician, DuetSettings(seed: 1)))
    phrase(stage, at: 0)
    stage.receive(.signal(.controller), at: 1.5.s)
    stage.finish(limit: 20.0.s)
    phrase(stage, at: 20)
    stage.finish(limit: 40.0.s)
    let first = musician.requests.filter(\.isFirst)
    try #require(first.count == 2 && stage.duet.turns.count == 2)
    #expect(first[0].budget == 20 && first[0].candidates == 3 && first[0].cut?.tokens == 10)
    #expect(first[1].budget >= 600 && first[1].candidates == 16 && first[1].cut == nil)
    // The first note is due a quarter of a second after the signal, not after its computation.
    #expect(first[0].latestOnset.map { Tick(step: $0) <= 1.5.s + 0.25.s } ?? false)
    // Enough music to cover the computation of the next two seconds at the assumed generation speed.
    #expect(first[0].cut.map { $0.from - first[0].from >= 19 } ?? false)
  }

  /// Latents are computed in advance while the player plays, so that no answer to a signal waits for them.
  @Test func signalsDoNotWaitForLatents() throws {
    let musician = ScriptedMusician(seed: 3)
    let stage = SimulatedStage(Duet(musician, DuetSettings(seed: 1)))
    phrase(stage, at: 0, notes: 60, gap: 0.1)
    try #require(musician.studies > 0)
    let (studies, attunements) = (musician.studies, musician.attunements)
    #expect(studies - attunements <= 1 && attunements > 0)
    stage.receive(.signal(.controller), at: 6.2.s)
    stage.run(to: 6.25.s)
    #expect(stage.duet.turns.count == 1)
    #expect(musician.studies == studies && musician.attunements == attunements)
    // A computation in progress is used later; after a pause there is time to complete it before the answer.
    stage.finish(limit: 60.0.s)
    stage.run(to: stage.duet.time + 1.1.s)
    #expect(musician.attunements == musician.studies)
    let start = stage.duet.time.sessionSeconds
    phrase(stage, at: start, notes: 12)
    stage.run(to: (start + 12 * 0.25 + 1).s)
    #expect(musician.studies > studies && musician.attunements == musician.studies)
  }

  /// The token stream that the model reads equals the encoded recording of both players, pedals included, on two channels
  /// and on one.
  @Test func theStreamEqualsTheEncodedRecording() throws {
    for seed in 0..<60 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let musician = ScriptedMusician(seed: seed)
      var settings = DuetSettings(seed: seed)
      settings.channel = Channel(status: UInt8(seed % 2))
      let duet = Duet(musician, settings)
      let stage = SimulatedStage(duet)
      var recording = SessionRecording(channel: settings.channel)
      duet.onPlayed = { recording.append($1, from: $0, at: $2) }
      var (time, down) = (Tick.zero, Set<Int>())
      for _ in 0..<120 {
        time = time + Tick(rawValue: Int64([0, 7, 100, 400, 2500].randomElement(using: &generator)!))
        if generator.oneIn(6) {
          let value: UInt8 = generator.oneIn(2) ? 100 : 0
          let pedal = ChannelMessage(channel: Channel(status: 0), kind: .control(.controller(.sustain, value)))
          stage.receive(.message(pedal), at: time)
        } else if let pitch = down.sorted().randomElement(using: &generator), generator.oneIn(2) {
          down.remove(pitch)
          stage.receive(.message(off(pitch)), at: time)
        } else {
          let pitch = Int.random(in: 50...70, using: &generator)
          if down.insert(pitch).inserted { stage.receive(.message(on(pitch)), at: time) }
        }
      }
      for pitch in down { stage.receive(.message(off(pitch)), at: time + 1.0.s) }
      let pedalUp = ChannelMessage(channel: Channel(status: 0), kind: .control(.controller(.sustain, 0)))
      stage.receive(.message(pedalUp), at: time + 1.0.s)
      stage.finish(limit: time + 60.0.s)
      stage.run(to: stage.duet.time + 1.0.s)
      let recorded = try TokenEncoder().encode(recording.score())
      #expect(!musician.stream.isEmpty && recorded.count >= musician.stream.count)
      #expect(recorded.starts(with: musician.stream), "seed \(seed)")
      #expect(recorded.count == musician.stream.count, "seed \(seed)")
    }
  }

  /// An answer that is still being computed when the player continues is discarded.
  @Test func lateAnswersAreDiscarded() {
    let musician = ScriptedMusician(seed: 4)
    musician.pieces = 5
    let duet = Duet(musician, DuetSettings(seed: 1))
    for index in 0..<4 { duet.receive(on(60 + index), at: (0.2 * Double(index)).s) }
    duet.advance(to: 1.26.s)
    #expect(duet.taking.state == .closing && musician.isThinking)
    _ = duet.think()
    duet.receive(on(70), at: 1.3.s)
    #expect(!musician.isThinking && duet.taking.state == .listening)
    duet.advance(to: 2.0.s)
    #expect(musician.isThinking)
    // The pause ends before the answer is ready: it is played as soon as it is.
    duet.advance(to: 2.35.s)
    #expect(duet.taking.state == .answering && duet.takeCues().isEmpty)
    while duet.think() {}
    duet.advance(to: 3.0.s)
    #expect(!duet.takeCues().isEmpty)
  }
}
