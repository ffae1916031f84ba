import Improvisation
import MusicCore
import TestSupport
import Testing

/// Beats and bars: MIDI clock, tap tempo, quantization, and turns of whole bars.
@Suite struct BeatTests {
  /// A clock master whose messages jitter around known times.
  private struct Master {
    var time = 10.0
    /// Quarter notes per minute, and the greatest deviation of a message in seconds.
    var tempo = 120.0
    var jitter = 0.0
    var generator = SeededGenerator(seed: 1)
    private(set) var follower = ClockFollower()
    private(set) var changes: [ClockFollower.Change] = []
    /// The time of each clock message without jitter.
    private(set) var clocks: [Double] = []

    init(tempo: Double = 120, jitter: Double = 0) { (self.tempo, self.jitter) = (tempo, jitter) }

    mutating func send(_ message: MIDIMessage.System) { changes += follower.receive(message, at: time) }

    mutating func sendClocks(_ count: Int) {
      for _ in 0..<count {
        clocks.append(time)
        changes += follower.receive(.clock, at: time + Double.random(in: -jitter...jitter, using: &generator))
        time += 60 / tempo / 24
      }
    }

    var pulse: Pulse? {
      for change in changes.reversed() { if case .pulse(let pulse) = change { return pulse } }
      return nil
    }
  }

  /// The first clock message after Start is beat 0, as the MIDI specification has it.
  @Test(arguments: [0, 48]) func theFirstClockAfterStartIsBeatZero(before: Int) throws {
    var master = Master(tempo: 97)
    master.sendClocks(before)
    #expect(master.changes.isEmpty, "a stopped clock has no beats")
    master.send(.start)
    let start = master.time
    master.sendClocks(97)
    #expect(master.changes.first == .runs)
    let pulse = try #require(master.pulse)
    #expect(abs(pulse.second(ofQuarter: 0) - start) < 0.001 && abs(pulse.quartersPerMinute - 97) < 0.01)
  }

  @Test func continueStartsAtTheSongPosition() throws {
    var master = Master()
    master.send(.start)
    // The last message is the one before beat 2, where the transport then stops.
    master.sendClocks(48)
    master.send(.stop)
    #expect(master.changes.suffix(2) == [.stops, .pulse(nil)])
    master.sendClocks(11)
    #expect(master.changes.last == .pulse(nil), "the transport is stopped")
    master.send(.continue)
    var start = master.time
    master.sendClocks(25)
    #expect(abs(try #require(master.pulse).second(ofQuarter: 2) - start) < 0.001)
    // Song Position is ignored while the transport runs.
    master.send(.songPosition(400))
    master.sendClocks(24)
    #expect(abs(try #require(master.pulse).second(ofQuarter: 2) - start) < 0.001)
    master.send(.stop)
    master.send(.songPosition(16))
    master.send(.continue)
    start = master.time
    master.sendClocks(25)
    #expect(abs(try #require(master.pulse).second(ofQuarter: 4) - start) < 0.001)
  }

  /// One bar after the start, beats are within 2 ms of the master's, although its messages jitter by up to 3 ms.
  @Test(arguments: [61.0, 120, 187]) func jitterAveragesOut(tempo: Double) throws {
    for seed in 0..<20 as Range<UInt64> {
      var master = Master(tempo: tempo, jitter: 0.003)
      master.generator = SeededGenerator(seed: seed)
      master.send(.start)
      let start = master.time
      for beat in 0..<64 {
        master.sendClocks(24)
        guard beat >= 4 else { continue }
        let pulse = try #require(master.pulse)
        let error = pulse.second(ofQuarter: Double(beat + 1)) - (start + Double(beat + 1) * 60 / tempo)
        #expect(abs(error) < 0.002, "\(error * 1000) ms at beat \(beat), seed \(seed)")
      }
    }
  }

  @Test(arguments: [(90.0, 140.0), (140, 90), (120, 126), (120, 112)])
  func followsANewTempoWithinABeat(from: Double, to: Double) throws {
    var master = Master(tempo: from, jitter: 0.001)
    master.send(.start)
    master.sendClocks(24 * 8)
    master.tempo = to
    let jump = master.time
    master.sendClocks(24 + 7)
    let pulse = try #require(master.pulse)
    let error = pulse.second(ofQuarter: 9) - (jump + 60 / to)
    // Smaller changes are followed more slowly.
    let isJump = abs(to / from - 1) > 0.2
    #expect(abs(error) < (isJump ? 0.004 : 0.02), "\(error * 1000) ms")
    master.sendClocks(24 * 4)
    #expect(abs(try #require(master.pulse).quartersPerMinute / to - 1) < 0.01)
  }

  @Test func aClockThatStopsSendingIsLostAfterSeconds() throws {
    var master = Master()
    master.send(.start)
    let start = master.time
    master.sendClocks(96)
    var follower = master.follower
    #expect(follower.pass(to: master.time + 2).isEmpty, "the tempo is kept for a few seconds")
    #expect(follower.pass(to: master.time + 2.6) == [.pulse(nil)] && follower.losses == 1)
    #expect(follower.pass(to: master.time + 9).isEmpty, "the loss is reported once")
    // The clock is back, at a later position of its song.
    var changes: [ClockFollower.Change] = []
    let later = master.time + 5
    for index in 0..<30 { changes += follower.receive(.clock, at: later + Double(index) / 48) }
    guard case .pulse(let pulse?) = changes.last else { throw Missing() }
    let beats = (later - start) * 2
    #expect(abs(pulse.quarters(atSecond: later) - beats) < 0.05)
  }

  private struct Missing: Error {}

  @Test func tapsSetTheTempo() throws {
    var taps = TapTempo()
    let meter = Meter(numerator: 6, denominator: 8)
    let pulses = [1, 1.61, 2.2, 2.8, 6, 6.5].map { taps.tap(at: $0, meter) }
    #expect(pulses[0] == nil)
    let pulse = try #require(pulses[3])
    #expect(pulse.quarters == 4.5 && pulse.seconds == 2.8)
    #expect(abs(pulse.secondsPerQuarter - 0.4) < 1e-9, "a beat of 6/8 is not three eighths")
    #expect(pulses[4] == nil && pulses[5]?.quarters == 1.5, "no new series of taps starts")
  }

  @Test func clicksAndClockMessagesAreSentOnce() throws {
    let meter = Meter(numerator: 3, denominator: 4)
    var track = ClickTrack(metronome: true, clock: true, meter, from: 0)
    track.skip(to: 1)
    var given: [(message: MIDIMessage, time: Double)] = []
    var pulse = Pulse(quarters: -3, seconds: 1, secondsPerQuarter: 0.5)
    for index in 1...120 {
      let end = 0.05 * Double(index)
      if end > 4.3 { pulse = Pulse(quarters: pulse.quarters(atSecond: 4.3), seconds: 4.3, secondsPerQuarter: 0.4) }
      given += track.take(pulse, until: end)
    }
    let clocks = given.filter { $0.message == .system(.clock) }
    let starts = given.indices.filter { given[$0].message == .system(.start) }
    #expect(starts.count == 1 && abs(given[starts[0]].time - 2.5) < 1e-9)
    #expect(given[starts[0] + 1].message == .system(.clock), "no clock message at beat 0 after Start")
    #expect(zip(clocks.dropFirst(), clocks).allSatisfy { $0.time - $1.time > 0.015 && $0.time - $1.time < 0.0209 })
    let clicks = given.filter { if case .channel(let m) = $0.message, case .noteOn = m.kind { true } else { false } }
    #expect(clicks.count == 3 + 4 + 4 && given.count == clocks.count + 1 + 2 * clicks.count)
    var silent = ClickTrack(metronome: false, clock: false, meter, from: 0)
    silent.skip(to: 1)
    let countIn = silent.take(Pulse(quarters: -3, seconds: 1, secondsPerQuarter: 0.5), until: 9)
    #expect(countIn.count == 6, "the count-in does not sound")
  }

  /// Quantization moves onsets to the grid, and releases with them: no note ends before it starts, and none starts
  /// while its pitch sounds.
  @Test(arguments: [61.0, 120, 187], [1.0, 0.5])
  func quantizationKeepsNotesValid(tempo: Double, strength: Double) {
    for seed in 0..<200 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let pulse = Pulse(quarters: 3, seconds: 2.017, secondsPerQuarter: 60 / tempo)
      let units = [1, 2, 3, 4, 6, 8].randomElement(using: &generator)!
      let end = pulse.tick(ofQuarter: 12)
      let swing = units % 3 != 0 && seed % 2 == 1 ? 0.66 : 0.5
      var quantizer = Quantizer(
        pulse, unitsPerQuarter: units, strength: strength, swing: seed % 2 == 1 ? 0.66 : 0.5,
        earliest: pulse.tick(ofQuarter: 4), end: end)
      var moved: [PlannedEvent] = []
      var sounding: Set<Int> = []
      var step = Int(pulse.tick(ofQuarter: 4).rawValue / 30) - 1
      while step * 30 < end.rawValue {
        var stretch: [PlannedEvent] = []
        for _ in 0..<Int.random(in: 1...30, using: &generator) {
          step += [0, 0, 1, 2, 8].randomElement(using: &generator)!
          guard step * 30 < end.rawValue else { break }
          let pitch = Int.random(in: 60...64, using: &generator)
          let isEnd = sounding.remove(pitch) != nil
          if !isEnd { sounding.insert(pitch) }
          stretch.append(
            PlannedEvent(
              tick: Tick(rawValue: Int64(step * 30)), pitch: Pitch(masking: UInt8(pitch)), level: isEnd ? nil : .mf))
        }
        let result = quantizer.move(stretch)
        #expect(zip(result.dropFirst(), result).allSatisfy { $0.tick >= $1.tick })
        moved += result
      }
      let ends = sounding.map { PlannedEvent(tick: end, pitch: Pitch(masking: UInt8($0)), level: nil) }
      moved += quantizer.move(ends)
      moved = moved.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }.map(\.element)
      var onsets: [Pitch: Tick] = [:]
      for event in moved {
        #expect(event.tick >= pulse.tick(ofQuarter: 4) && event.tick <= end)
        if event.level != nil {
          #expect(onsets.updateValue(event.tick, forKey: event.pitch) == nil, "seed \(seed): struck while it sounds")
          let units = pulse.quarters(at: event.tick) * Double(units)
          let pair = (units / 2).rounded(.down) * 2
          // Both units of a pair have halves and quarters.
          let places = [0.0, 0.25, 0.5, 0.75, 1].flatMap { part -> [Double] in
            let first = pair + 2 * swing * part
            let second = pair + 2 * swing + (2 - 2 * swing) * part
            return [first, second]
          }
          let distance = places.map { abs(units - $0) }.min() ?? 1
          let seconds = distance * quarterSeconds(pulse, units: quantizer.unitsPerQuarter)
          if strength == 1 { #expect(seconds <= 0.001, "seed \(seed): \(seconds) s off the grid") }
        } else {
          let onset = onsets.removeValue(forKey: event.pitch)
          #expect(onset.map { event.tick - $0 >= Tick(rawValue: 30) } ?? false, "seed \(seed): an invalid note-off")
        }
      }
      #expect(onsets.isEmpty, "seed \(seed): a hanging note")
    }
  }

  private func quarterSeconds(_ pulse: Pulse, units: Int) -> Double { pulse.secondsPerQuarter / Double(units) }

  /// The onsets of quantized notes, which are given in two parts; checks that every note ends.
  private func moved(_ onsets: [Double], unitsPerQuarter: Int, secondsPerQuarter: Double) -> [Tick] {
    var quantizer = Quantizer(
      Pulse(quarters: 0, seconds: 0, secondsPerQuarter: secondsPerQuarter), unitsPerQuarter: unitsPerQuarter,
      strength: 1, earliest: .zero)
    var events: [PlannedEvent] = []
    for (index, onset) in onsets.enumerated() {
      let pitch = Pitch(masking: UInt8(40 + index))
      events.append(PlannedEvent(tick: onset.s, pitch: pitch, level: .mf))
      events.append(PlannedEvent(tick: (onset + 0.04).s, pitch: pitch, level: nil))
    }
    events.sort { $0.tick < $1.tick }
    let half = events.count / 2
    let result = quantizer.move(Array(events[..<half])) + quantizer.move(Array(events[half...]))
    let starts = result.filter { $0.level != nil }
    #expect(starts.count == result.count - starts.count)
    return starts.map(\.tick).sorted()
  }

  /// What is played faster than the grid is not played at once: it moves to halves and quarters of the grid's units, or
  /// is left out. Chords stay together.
  @Test func runsDoNotBecomeChords() {
    var generator = SeededGenerator(seed: 1)
    for round in 0..<50 {
      // Two 32nds to a unit of the grid.
      let run = (1...30).map { 0.0625 * Double($0) + Double.random(in: -0.005...0.005, using: &generator) }
      let onsets = moved(run, unitsPerQuarter: 4, secondsPerQuarter: 0.5)
      #expect(onsets.count == 30 && Set(onsets).count == 30, "round \(round): \(onsets)")
      #expect(onsets.allSatisfy { $0.rawValue.isMultiple(of: 60) })
      #expect(zip(onsets, run).allSatisfy { abs($0.sessionSeconds - $1) < 0.07 }, "round \(round)")
      // The first note has no neighbor before, and the last one of the first part none after it.
      let kept = zip(onsets, 1...).count { $0.rawValue == 120 * Int64($1) }
      #expect(kept >= 27, "round \(round): only \(kept) are where they belong")
    }
    let chord = moved([0.47, 0.49, 0.51, 0.74], unitsPerQuarter: 4, secondsPerQuarter: 0.5)
    #expect(chord == [0.5, 0.5, 0.5, 0.75].map(\.s))
    // Quarter notes have sixteenths between them, and nothing shorter.
    let few = moved((0..<24).map { 0.08 * Double($0) }, unitsPerQuarter: 1, secondsPerQuarter: 1)
    #expect((6...9).contains(few.count) && zip(few.dropFirst(), few).allSatisfy { $0 - $1 >= 0.25.s }, "\(few)")
  }

  // MARK: Turns of whole bars

  private func settings(_ mode: DuetSettings.Mode = .trade, bars: Int = 2) -> DuetSettings {
    var settings = DuetSettings(seed: 4)
    (settings.mode, settings.bars, settings.turns.pause) = (mode, bars, nil)
    return settings
  }

  private func play(_ stage: SimulatedStage, from start: Double, to end: Double, gap: Double = 0.25) {
    var (time, index) = (start, 0)
    while time < end {
      stage.receive(.message(on(60 + index % 12)), at: time.s)
      stage.receive(.message(off(60 + index % 12)), at: (time + 0.8 * gap).s)
      (time, index) = (time + gap, index + 1)
    }
  }

  /// Two bars each at 120: the machine plays from bar line to bar line, on the grid, although the human plays up to
  /// and including the downbeat. If the human plays nothing, neither does the machine.
  @Test func tradesBars() throws {
    let musician = ScriptedMusician(seed: 8)
    let stage = SimulatedStage(Duet(musician, settings()))
    let pulse = Pulse(quarters: 0, seconds: 1, secondsPerQuarter: 0.5)
    stage.receive(.pulse(pulse), at: 0.5.s)
    play(stage, from: 1, to: 5.2)
    play(stage, from: 9, to: 12.95)
    stage.run(to: 40.0.s)
    let turns = stage.duet.turns
    #expect(
      turns.map(\.start) == [5.0, 13.0].map(\.s) && turns.allSatisfy { $0.handover == .bars && $0.ending == .length })
    for turn in turns {
      let end = turn.start + 4.0.s
      #expect(turn.notes > 4 && turn.end.map { $0 <= end } ?? false)
      let onsets = stage.played.filter { if case .noteOn = $0.message.kind { true } else { false } }.map(\.tick)
      let own = onsets.filter { $0 >= turn.start && $0 < end }
      #expect(own.count == turn.notes)
      for onset in own {
        // What is faster than sixteenths is on their quarters.
        let places = pulse.quarters(at: onset) * 16
        #expect(abs(places - places.rounded()) < 0.02)
      }
    }
    // The last plan before a bar line includes the notes played during the first planning.
    let requests = musician.requests.filter(\.isFirst)
    #expect(requests.count == 4 && requests.allSatisfy { $0.end == 9 * 64 || $0.end == 17 * 64 })
  }

  /// Bars that the human leaves empty are not answered later.
  @Test func emptyBarsAreNotAnswered() {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 8), settings(bars: 1)))
    stage.receive(.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)), at: .zero)
    play(stage, from: 0, to: 1.9)
    play(stage, from: 8, to: 9.9)
    stage.run(to: 20.0.s)
    #expect(stage.duet.turns.map(\.start) == [2.0, 10.0].map(\.s))
  }

  /// After its first beat the machine yields as in other modes, and plays again in its next bars.
  @Test func tradingYieldsToo() throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 8), settings()))
    stage.receive(.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)), at: .zero)
    play(stage, from: 0.5, to: 4)
    play(stage, from: 6, to: 7)
    stage.run(to: 30.0.s)
    #expect(stage.duet.turns.map(\.start) == [4.0, 12.0].map(\.s))
    #expect(stage.duet.turns.map(\.ending) == [.player, .length])
    let late = stage.played.filter { $0.tick > 6.005.s && $0.tick < 12.0.s }
    #expect(late.allSatisfy { if case .noteOff = $0.message.kind { true } else { false } })
  }

  /// A stopped transport ends the turn; when it continues, the next bars are at its new position.
  @Test func aTransportThatStopsSilencesTheMachine() throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 8), settings()))
    stage.receive(.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)), at: .zero)
    play(stage, from: 0.5, to: 4)
    stage.receive(.stop, at: 5.3.s)
    stage.receive(.pulse(nil), at: 5.31.s)
    play(stage, from: 6, to: 7)
    stage.run(to: 20.0.s)
    #expect(stage.duet.turns.map(\.ending) == [.stop])
    stage.receive(.goOn, at: 20.0.s)
    stage.receive(.pulse(Pulse(quarters: 8, seconds: 20, secondsPerQuarter: 0.5)), at: 20.01.s)
    play(stage, from: 24, to: 28)
    stage.run(to: 40.0.s)
    #expect(stage.duet.turns.dropFirst().map(\.start) == [28.0].map(\.s), "not at bar 6 of the song")
  }

  /// The handover by `bars`: a number of bars from the call's first, an upbeat not counted. Pauses end on a beat.
  @Test func barsAndPausesHandOver() throws {
    var byBars = settings(.respond)
    (byBars.turns.callBars, byBars.answer) = (2, .seconds(2))
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 8), byBars))
    stage.receive(.pulse(Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)), at: .zero)
    play(stage, from: 1.75, to: 5.9)
    stage.run(to: 12.0.s)
    #expect(stage.duet.turns.map(\.start) == [6.0].map(\.s))
    var byPause = settings(.respond)
    (byPause.turns.pause, byPause.tempo, byPause.answer) = (1.0.s, 90, .seconds(2))
    let other = SimulatedStage(Duet(ScriptedMusician(seed: 8), byPause))
    play(other, from: 3.1, to: 5.8)
    other.run(to: 12.0.s)
    let beat = (other.duet.turns[0].start - 3.1.s).sessionSeconds * 1.5
    #expect(abs(beat - beat.rounded()) < 0.002, "the pause does not end on a beat counted from the first note")
  }

  /// On a shared channel, no planned event of the machine releases or restrikes a key that the human has struck.
  @Test func theHumanOwnsStruckKeys() throws {
    for seed in 0..<40 as Range<UInt64> {
      var shared = settings(.respond)
      (shared.sharesChannel, shared.turns.pause, shared.answer) = (true, 1.0.s, .seconds(6))
      shared.yielding = .finish
      let stage = SimulatedStage(Duet(ScriptedMusician(seed: seed), shared))
      play(stage, from: 0, to: 2)
      stage.run(to: 4.2.s + Tick(rawValue: Int64(seed) * 37))
      let entrance = stage.duet.time
      // A sounding key of the machine, if there is one.
      var sounding: Set<Pitch> = []
      for (message, _) in stage.played.filter({ $0.tick <= entrance }) {
        if case .noteOn(let pitch, _) = message.kind { sounding.insert(pitch) }
        if case .noteOff(let pitch, _) = message.kind { sounding.remove(pitch) }
      }
      guard let pitch = sounding.min() else { continue }
      stage.receive(.message(on(Int(pitch.rawValue))), at: entrance + Tick(rawValue: 3))
      stage.run(to: entrance + 8.0.s)
      let later = stage.played.filter { $0.tick > entrance + Tick(rawValue: 3) }
      #expect(!later.contains { $0.message.kind == .noteOff(pitch, Velocity(masking: 64)) }, "seed \(seed)")
      for other in sounding where other != pitch {
        let ends = later.filter { $0.message.kind == .noteOff(other, Velocity(masking: 64)) }
        #expect(ends.count == 1, "seed \(seed): \(other) hangs")
      }
    }
  }
}
