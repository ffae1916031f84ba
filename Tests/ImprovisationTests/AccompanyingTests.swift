import Improvisation
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// The accompanying mode, in which the model plays while the human plays.
@Suite struct AccompanyingTests {
  private func settings(_ change: (inout DuetSettings) -> Void = { _ in }) -> DuetSettings {
    var settings = DuetSettings(seed: 1)
    settings.mode = .accompany
    change(&settings)
    return settings
  }

  /// Plays a note every `gap` seconds between two times.
  private func play(
    _ stage: SimulatedStage, from start: Double, to end: Double, gap: Double = 0.25, pitch: Int = 72
  ) {
    var (time, index) = (start, 0)
    while time < end {
      stage.receive(.message(on(pitch + index % 8)), at: time.s)
      stage.receive(.message(off(pitch + index % 8)), at: (time + 0.8 * gap).s)
      (time, index) = (time + gap, index + 1)
    }
  }

  private func onsets(_ stage: SimulatedStage) -> [Tick] {
    stage.played.filter { if case .noteOn = $0.message.kind { true } else { false } }.map(\.tick)
  }

  /// The model joins at the second phrase, plays while the human plays, at most its share of the notes, and stops a
  /// few seconds after the human.
  @Test func accompaniesTheHuman() throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    play(stage, from: 0, to: 1.9)
    play(stage, from: 2.5, to: 12)
    stage.finish(limit: 60.0.s)
    #expect(stage.duet.turns.map(\.handover) == [.playing] && stage.duet.turns.map(\.ending) == [.length])
    let (turn, own) = (try #require(stage.duet.turns.first), onsets(stage))
    #expect(turn.start == 2.5.s)
    let end = try #require(turn.end)
    #expect(end >= 15.75.s && end <= 17.2.s, "not four seconds after the human's last note: \(end.sessionSeconds)")
    #expect(own.count > 15 && own.allSatisfy { $0 > 2.5.s })
    // Four human onsets a second.
    for onset in Set(own) {
      let recent = Set(own).count { $0 > onset - 4.0.s && $0 <= onset }
      #expect(recent <= 12, "more than 0.7 of the human's 16 at \(onset.sessionSeconds)")
    }
  }

  /// Notes are not cut short though all is planned anew with every key: they last at least half as long as the human's.
  @Test func itsNotesAreNotCutShort() throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    play(stage, from: 0, to: 1.9)
    play(stage, from: 2.5, to: 12)
    stage.finish(limit: 60.0.s)
    let end = try #require(stage.duet.turns.first?.end)
    var (open, lengths) = ([Pitch: Tick](), [Double]())
    for (message, tick) in stage.played {
      switch message.kind {
      case .noteOn(let pitch, _):
        #expect(open[pitch] == nil, "struck twice")
        open[pitch] = tick
      case .noteOff(let pitch, _):
        if let onset = open.removeValue(forKey: pitch), onset < end - 1.0.s {
          lengths.append((tick - onset).sessionSeconds)
        }
      case .control: break
      }
    }
    #expect(open.isEmpty && lengths.count > 15 && lengths.allSatisfy { $0 >= 0.124 }, "\(lengths)")
  }

  /// Accompaniment of a human who plays without pauses starts after a few seconds; a signal starts or ends it at once.
  @Test func signalsStartAndEndTheAccompaniment() {
    let patient = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    play(patient, from: 0, to: 9)
    #expect(patient.duet.turns.map(\.start) == [6.0].map(\.s))
    let asked = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    play(asked, from: 0, to: 1)
    asked.receive(.signal(.key), at: 1.0.s)
    play(asked, from: 1.1, to: 4)
    #expect(asked.duet.turns.map(\.handover) == [.key] && !onsets(asked).isEmpty)
    asked.receive(.signal(.key), at: 4.0.s)
    play(asked, from: 4.1, to: 5)
    asked.finish(limit: 30.0.s)
    #expect(asked.duet.turns.first?.ending == .signal && asked.duet.turns.first?.end.map { $0 < 5.2.s } ?? false)
    let left = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    play(left, from: 0, to: 9)
    left.receive(.adjustment(.mode(.respond)), at: 9.0.s)
    left.run(to: 9.9.s)
    #expect(left.duet.turns.count == 1 && left.duet.turns[0].end != nil, "another mode does not end the turn")
  }

  /// When the human strikes a key, only events more than a tenth of a second ahead are canceled.
  @Test func eventsThatAreDueAreNotCanceled() {
    let driver = DuetDriver(Duet(ScriptedMusician(seed: 4), settings()))
    var cancels: [(now: Tick, from: Tick)] = []
    var planned: [(now: Tick, tick: Tick)] = []
    driver.onCue = { cue in
      switch cue {
      case .cancel(let tick): cancels.append((driver.duet.time, tick))
      case .play(let message, let tick):
        if case .noteOn = message.kind { planned.append((driver.duet.time, tick)) }
      case .silence: break
      }
    }
    for index in 0..<60 {
      let pitch = 80 + index % 5
      driver.receive(.message(on(pitch)), at: (0.17 * Double(index)).s)
      driver.receive(.message(off(pitch)), at: (0.17 * Double(index) + 0.1).s)
    }
    #expect(cancels.count > 10 && cancels.allSatisfy { $0.from >= $0.now + 0.099.s })
    #expect(
      planned.count > 20 && planned.allSatisfy { $0.tick >= $0.now + 0.099.s }, "new notes are planned too late")
  }

  /// When the human strikes a key, the model's note on it ends.
  @Test func theHumanTakesOverASoundingKey() {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 9), settings { $0.share = 1 }))
    play(stage, from: 0, to: 14, pitch: 54)
    stage.finish(limit: 40.0.s)
    var open: [Pitch: Tick] = [:]
    var strikes: [(pitch: Int, tick: Tick)] = []
    var index = 0
    while Double(index) * 0.25 < 14 {
      strikes.append((54 + index % 8, (0.25 * Double(index)).s))
      index += 1
    }
    var overlaps = 0
    for (message, tick) in stage.played {
      switch message.kind {
      case .noteOn(let pitch, _): open[pitch] = tick
      case .noteOff(let pitch, _):
        guard let onset = open.removeValue(forKey: pitch) else {
          Issue.record("a note-off without a note-on")
          continue
        }
        for strike in strikes where strike.pitch == Int(pitch.rawValue) && strike.tick > onset {
          #expect(tick <= strike.tick, "\(pitch) continues until \(tick.sessionSeconds)")
          overlaps += tick == strike.tick ? 1 : 0
        }
      case .control: break
      }
    }
    #expect(open.isEmpty && overlaps > 0)
  }

  /// A model accompanies a human for a minute: the token stream is valid, and its notes are in the two octaves
  /// below the human's.
  @Test func aModelKeepsToItsRegister() throws {
    let model = try tinyModel()
    let duet = Duet(Improviser(model, ImproviserSettings(seed: 5)), settings { $0.tokensPerSecond = 400 })
    let stage = SimulatedStage(duet)
    var recording = SessionRecording(channel: duet.settings.channel)
    duet.onPlayed = { recording.append($1, from: $0, at: $2) }
    play(stage, from: 0, to: 60, pitch: 76)
    stage.finish(limit: 100.0.s)
    let score = recording.score()
    _ = try TokenDecoder(isStrict: true).decode(TokenEncoder().encode(score))
    let own = score.tracks[1].notes
    #expect(own.count > 3 && own.allSatisfy { $0.pitch.rawValue < 76 && $0.pitch.rawValue >= 52 })
    #expect(duet.turns.count == 1 && duet.isQuiet)
  }

  /// Beside the human no level is louder than the human's median, unlike in an answer.
  @Test func itIsNotLouderThanTheHuman() {
    let cases: [([Int], answer: ClosedRange<DynamicLevel>, beside: ClosedRange<DynamicLevel>)] = [
      ([50, 50, 50], .pp ... .mp, .pp ... .p), ([66, 66, 81], .p ... .mf, .p ... .mp),
      ([34, 34], .pp ... .p, .pp ... .pp), ([66, 81], .p ... .f, .p ... .mp),
    ]
    for (velocities, answer, beside) in cases {
      var call = Call()
      for (index, velocity) in velocities.enumerated() {
        call.add(Pitch(masking: 60), Velocity(masking: UInt8(velocity)), at: Double(index).s)
      }
      let settings = ImproviserSettings(seed: 1)
      #expect(settings.levels(answering: call) == answer, "\(velocities)")
      #expect(settings.levels(answering: call, isBeside: true) == beside, "\(velocities)")
    }
  }

  /// It plays on the side with more room, and changes sides only for clearly more room.
  @Test func theSideIsKept() {
    func call(_ pitches: ClosedRange<Int>) -> Call {
      pitches.reduce(into: Call()) { $0.add(Pitch(masking: UInt8($1)), Velocity(masking: 70), at: .zero) }
    }
    // 39 keys below and 38 above; then 7 more above, and 8 more.
    #expect(Side(beside: call(60...70)) == .below && Side(beside: call(59...70)) == .above)
    #expect(Side(beside: call(59...70), keeping: .below) == .below)
    #expect(Side(beside: call(55...67), keeping: .below) == .below)
    #expect(Side(beside: call(54...67), keeping: .below) == .above)
    #expect(Side(beside: call(62...74), keeping: .above) == .above)
    #expect(Side(beside: call(63...74), keeping: .above) == .below)
    #expect(Side(beside: Call()) == .above)
    // A melody around the middle, where there is more room now on one side and now on the other.
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 3), settings()))
    for index in 0..<160 {
      let pitch = [58, 64, 70][index / 20 % 3] + index % 5
      stage.receive(.message(on(pitch)), at: (0.25 * Double(index)).s)
      stage.receive(.message(off(pitch)), at: (0.25 * Double(index) + 0.2).s)
    }
    let sides = (stage.duet.musician as? ScriptedMusician)?.requests.map(\.side) ?? []
    #expect(sides.count > 20 && Set(sides) == [Side.above])
  }

  /// No note is planned a semitone from one that the human holds or has just struck, in any octave.
  @Test func aModelDoesNotClashWithTheHuman() throws {
    let model = try tinyModel()
    var planned = 0
    for seed in 0..<8 as Range<UInt64> {
      var playing = ImproviserSettings(seed: seed)
      playing.register = .free
      let duet = Duet(Improviser(model, playing), settings { $0.tokensPerSecond = 400 })
      let driver = DuetDriver(duet)
      var held: Set<Int> = []
      driver.onCue = { cue in
        guard case .play(let message, let tick) = cue, case .noteOn(let pitch, _) = message.kind else { return }
        // What was struck since is known only to the next plan.
        guard tick > duet.time + 0.05.s else { return }
        planned += 1
        let clash = held.first { [1, 11].contains(($0 - Int(pitch.rawValue) + 120) % 12) }
        #expect(clash == nil, "\(pitch) against \(clash ?? 0) at \(tick.sessionSeconds)")
      }
      for index in 0..<60 {
        // A chord is held while the melody moves over it.
        let (time, pitch) = (0.3 * Double(index), [72, 76, 79, 77][index % 4])
        if index % 8 == 0 {
          for note in [48, 52, 55] where index > 0 { driver.receive(.message(off(note)), at: time.s) }
          for note in [48, 52, 55] { driver.receive(.message(on(note)), at: time.s) }
          held.formUnion([48, 52, 55])
        }
        held.insert(pitch)
        driver.receive(.message(on(pitch)), at: time.s)
        driver.receive(.message(off(pitch)), at: (time + 0.29).s)
        held.remove(pitch)
      }
      driver.run(to: 30.0.s)
    }
    #expect(planned > 20)
  }

  // MARK: Held chords

  @Test func theZoneReadsHeldAndLatchedChords() throws {
    let keys = Pitch(masking: 36)...Pitch(masking: 59)
    var (zone, latched) = (ChordZone(keys), ChordZone(keys, isLatched: true))
    func send(_ messages: [ChannelMessage]) {
      messages.forEach { zone.receive($0) }
      messages.forEach { latched.receive($0) }
    }
    let (c, g) = (PitchClassSet(bits: 0b1001_0001), PitchClassSet(bits: 0b1000_1000_0100))
    send([on(48), on(52), on(55), on(74)])
    #expect(zone.pitchClasses == c && latched.pitchClasses == c)
    send([off(48), off(52), off(55)])
    #expect(zone.pitchClasses.isEmpty && latched.pitchClasses == c)
    send([on(43), on(47), on(50)])
    #expect(zone.pitchClasses == g && latched.pitchClasses == g)
    let major = try #require(Scale("C major")).pitchClasses
    let pulse = Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)
    let chord = ChordZone.Chord(c, pulse, quartersPerBeat: 1)
    // F is a semitone above E.
    #expect(chord.passing(major).bits == major.bits & ~(1 << 5))
    #expect(chord.isOnBeat(1.0.s) && chord.isOnBeat(1.03.s) && !chord.isOnBeat(1.25.s))
  }

  /// On beats the model plays chord tones; between beats it plays no note a semitone above one.
  @Test func aModelFollowsTheChord() throws {
    let model = try tinyModel()
    let pulse = Pulse(quarters: 0, seconds: 0, secondsPerQuarter: 0.5)
    var (onBeat, between) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let improviser = Improviser(model, ImproviserSettings(seed: seed))
      var request = PlanRequest(
        from: 1, until: 640, latestOnset: nil, mayEndFrom: .max / 4, end: .max / 4, candidates: 1, budget: 1000,
        foreign: [], call: Call(), isFirst: false)
      let chord = ChordZone.Chord(PitchClassSet(bits: 0b1001_0001), pulse, quartersPerBeat: 1)
      request.chord = chord
      improviser.begin(request)
      while improviser.isThinking {
        for event in improviser.think()?.events ?? [] where event.level != nil {
          let isOnBeat = chord.isOnBeat(event.tick)
          (onBeat, between) = (onBeat + (isOnBeat ? 1 : 0), between + (isOnBeat ? 0 : 1))
          let allowed = isOnBeat ? chord.pitchClasses : chord.passing(nil)
          #expect(allowed.contains(event.pitch.pitchClass), "\(event.pitch) at \(event.tick.sessionSeconds)")
        }
      }
    }
    #expect(onBeat > 5 && between > 10)
  }
}
