import Generation
import Improvisation
import Inference
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Answers of a model with random weights.
@Suite struct ImproviserTests {
  /// A simulated session with a random walk as the player's part, and its recording.
  private func session(
    _ model: Model, seed: UInt64, music: UInt64 = 1, _ change: (inout DuetSettings) -> Void = { _ in }
  ) -> (stage: SimulatedStage, recording: SessionRecording) {
    var settings = DuetSettings(seed: seed)
    (settings.answer, settings.tokensPerSecond) = (.seconds(3), 400)
    change(&settings)
    let duet = Duet(Improviser(model, ImproviserSettings(seed: seed)), settings)
    let stage = SimulatedStage(duet)
    var recording = SessionRecording(channel: settings.channel)
    duet.onPlayed = { recording.append($1, from: $0, at: $2) }
    let notes = RandomWalk(music, notes: 0..<40).score.tracks[0].notes
    var (offset, events) = (0.0, [(ChannelMessage, Tick)]())
    for (index, note) in notes.enumerated() {
      // A pause every ten notes.
      if index > 0, index % 10 == 0 { offset += 5 }
      let onset = Double(note.onset.rawValue) / 960 + offset
      events.append((on(Int(note.pitch.rawValue)), onset.s))
      events.append((off(Int(note.pitch.rawValue)), (onset + 0.2).s))
    }
    for (message, tick) in events.sorted(by: { $0.1 < $1.1 }) { stage.receive(.message(message), at: tick) }
    stage.finish(limit: 200.0.s)
    return (stage, recording)
  }

  /// The same seed gives the same session, and another seed a different one.
  @Test func sessionsAreReproducible() throws {
    let model = try tinyModel()
    let (first, recording) = session(model, seed: 7)
    let (second, again) = session(model, seed: 7)
    #expect(first.duet.turns.count >= 3)
    #expect(recording.score() == again.score() && !second.played.isEmpty)
    #expect(session(model, seed: 8).recording.score() != recording.score())
  }

  /// The recording encodes to a valid stream that needs no repair, and every answer starts on time.
  @Test func recordingsAreValidStreams() throws {
    let model = try tinyModel()
    for seed in 1...3 as ClosedRange<UInt64> {
      let (stage, recording) = session(model, seed: seed, music: seed) { if seed == 2 { $0.mode = .continue } }
      let tokens = try TokenEncoder().encode(recording.score())
      _ = try TokenDecoder(isStrict: true).decode(tokens)
      for turn in stage.duet.turns {
        let entry = try #require(turn.firstOnset, "seed \(seed)")
        #expect(entry >= turn.start && entry - turn.start <= 0.65.s)
      }
    }
  }

  /// Tokens that are played as planned are not read again; after a difference, only the tokens from there on are.
  @Test func playedPlansAreNotReadAgain() throws {
    // Without latents, because reading tokens again draws new ones.
    let model = try tinyModel(SyntheticModel.plain)
    let stream = try TokenEncoder().encode(RandomWalk(3, notes: 0..<60).score)
    // Input never ends with a time shift or a velocity change.
    let music = Array(stream[..<(try #require(stream[..<150].lastIndex { $0.rawValue < 256 }) + 1)])
    func request(_ time: Int) -> PlanRequest {
      PlanRequest(
        from: time + 1, until: time + 2000, latestOnset: nil, mayEndFrom: .max / 2, end: .max / 2, candidates: 1,
        budget: 1000, foreign: [], call: Call(), isFirst: false)
    }
    func answer(_ hear: (Improviser) -> Void) -> [PlannedEvent] {
      var settings = ImproviserSettings(seed: 1)
      settings.develop = 0
      let improviser = Improviser(model, settings)
      hear(improviser)
      improviser.begin(request(music.ticks))
      while improviser.isThinking { if let segment = improviser.think() { return segment.events } }
      return []
    }
    let expected = answer { $0.hear(music, planned: []) }
    #expect(!expected.isEmpty)
    let planned = answer { improviser in
      defer { #expect(improviser.plannedTokens.confirmedShare == 1) }
      improviser.hear(Array(music[..<60]), planned: Array(music[60...]))
      improviser.hear(Array(music[60..<100]), planned: Array(music[100...]))
      improviser.hear(Array(music[100...]), planned: [])
    }
    #expect(planned == expected)
    var counts: [PlannedTokens] = []
    let mistaken = answer { improviser in
      defer { counts.append(improviser.plannedTokens) }
      let others = music[60...].map { $0.rawValue < 128 ? Token(rawValue: ($0.rawValue + 1) % 128)! : $0 }
      improviser.hear(Array(music[..<60]), planned: others)
      improviser.hear(Array(music[60...]), planned: [])
    }
    #expect(mistaken == expected)
    // The first difference is the first note of the plan.
    let departure = try #require(music[60...].firstIndex { $0.rawValue < 128 }) - 60
    #expect(counts[0].confirmed == departure && counts[0].refuted == music.count - 60 - departure)
    // The difference is further back than the stream can rewind: its end is read again.
    let long = try Array(TokenEncoder().encode(RandomWalk(4, notes: 0..<400).score).prefix(900))
    let lost = answer { improviser in
      improviser.hear([], planned: long)
      improviser.hear(music, planned: [])
    }
    #expect(!lost.isEmpty)
  }

  /// The last chord of a stretch counts if the answer ends with it, and only then: a random one is rarely a tonic.
  @Test func endsAreRatedByTheirLastChord() throws {
    let model = try tinyModel(SyntheticModel.plain)
    let music = try Array(TokenEncoder().encode(RandomWalk(3, notes: 0..<40).score).prefix(90))
    func endings(end: Int) throws -> [(isLast: Bool, ending: Double)] {
      try (1...6 as ClosedRange<UInt64>).map { seed in
        let improviser = Improviser(model, ImproviserSettings(seed: seed))
        improviser.hear(music, planned: [])
        let from = music.ticks + 1
        improviser.begin(
          PlanRequest(
            from: from, until: from + 100, latestOnset: from + 60, mayEndFrom: .max / 2, end: from + end, candidates: 2,
            budget: 400, foreign: [], call: Call(), isFirst: true))
        var segment: Segment?
        while segment == nil, improviser.isThinking { segment = improviser.think() }
        let found = try #require(segment)
        return (found.isLast, found.cost.ending)
      }
    }
    let last = try endings(end: 100)
    #expect(last.allSatisfy(\.isLast) && last.contains { $0.ending > 0 })
    let earlier = try endings(end: 1000)
    #expect(earlier.allSatisfy { !$0.isLast && $0.ending == 0 })
  }

  /// The last chord of an answer has time to sound: no note starts just before the time by which the answer must end.
  @Test func answersDoNotEndWithABlip() throws {
    let model = try tinyModel()
    for (gap, rest) in [(0.05, 16), (0.25, 32), (1, 64)] {
      var call = Call()
      for index in 0..<8 { call.add(Pitch(masking: 60), Velocity(masking: 70), at: (gap * Double(index)).s) }
      for seed in 0..<8 as Range<UInt64> {
        var settings = ImproviserSettings(seed: seed)
        settings.develop = 0
        let improviser = Improviser(model, settings)
        // It has to strike a key just before the end.
        var request = PlanRequest(
          from: 10, until: 400, latestOnset: 395, mayEndFrom: 300, end: 400, candidates: 1, budget: 100, foreign: [],
          call: call, isFirst: true)
        #expect(request.latestStart == 400 - rest)
        improviser.begin(request)
        var segment: Segment?
        while segment == nil, improviser.isThinking { segment = improviser.think() }
        let found = try #require(segment)
        let last = try #require(found.events.last { $0.level != nil }, "gap \(gap), seed \(seed): it is silent")
        #expect(found.isLast && last.tick <= Tick(step: 400 - rest), "gap \(gap), seed \(seed)")
        // Unless it may end only later.
        request.mayEndFrom = 399
        #expect(request.latestStart == 399)
      }
    }
  }

  /// In turns, plans are played as planned; when both play at once, notes of the player invalidate the plan after them.
  @Test func simultaneousPlayingInvalidatesPlans() throws {
    let model = try tinyModel()
    func planned(_ change: (inout DuetSettings) -> Void = { _ in }) -> PlannedTokens? {
      (session(model, seed: 7, change).stage.duet.musician as? Improviser)?.plannedTokens
    }
    let alone = try #require(planned())
    #expect(alone.replans == 0 && alone.confirmed > 50 && alone.refuted < alone.confirmed)
    let beside = try #require(planned { $0.mode = .accompany })
    #expect(beside.replans > 3 && beside.refuted > 0)
  }

  /// A plan that is played in several parts is read once: reading a token again would draw new latents and change the
  /// answer.
  @Test func aPlayedPlanIsReadOnce() throws {
    let model = try tinyModel()
    let stream = try TokenEncoder().encode(RandomWalk(3, notes: 0..<80).score)
    let window = try #require(model.configuration.latents).windowLength
    let end = try #require(stream[..<(window + 60)].lastIndex { $0.rawValue < 256 })
    let (music, known) = (Array(stream[...end]), window - 30)
    func answer(hearing parts: [Int], planned: Bool) -> [PlannedEvent] {
      let improviser = Improviser(model, ImproviserSettings(seed: 1))
      improviser.hear(Array(music[..<known]), planned: Array(music[known...]))
      for (start, end) in zip(parts, parts.dropFirst()) {
        let rest = planned ? Array(music[end...]) : []
        improviser.hear(Array(music[start..<end]), planned: rest)
      }
      improviser.begin(
        PlanRequest(
          from: music.ticks + 1, until: music.ticks + 900, latestOnset: music.ticks + 64, mayEndFrom: .max / 2,
          end: .max / 2, candidates: 1, budget: 1000, foreign: [], call: Call(), isFirst: false))
      while improviser.isThinking { if let segment = improviser.think() { return segment.events } }
      return []
    }
    let atOnce = answer(hearing: [known], planned: true)
    #expect(!atOnce.isEmpty && answer(hearing: [known, known + 10, known + 40, music.count], planned: true) == atOnce)
    // Tokens that were not planned are read.
    #expect(answer(hearing: [known, known + 10, music.count], planned: false) != atOnce)
  }

  /// A segment that is cut short ends at a time shift, and the next segment continues its quoted motif.
  @Test func aCutQuoteContinuesInTheNextSegment() throws {
    let model = try tinyModel()
    var settings = ImproviserSettings(seed: 1)
    (settings.develop, settings.key) = (1, .off)
    let improviser = Improviser(model, settings)
    var call = Call()
    let motif = [60, 64, 62, 65, 64, 67, 65, 69]
    for (index, pitch) in motif.enumerated() {
      call.add(Pitch(masking: UInt8(pitch)), Velocity(masking: 70), at: (0.1 * Double(index)).s)
    }
    func think(from: Int, isFirst: Bool) throws -> Segment {
      improviser.begin(
        PlanRequest(
          from: from, until: from + 48, latestOnset: from + 16, mayEndFrom: .max / 4, end: .max / 4, candidates: 1,
          budget: 30, foreign: [], call: call, isFirst: isFirst,
          cut: isFirst ? PlanRequest.Cut(from: from + 19, tokens: 10) : nil))
      while improviser.isThinking { if let segment = improviser.think() { return segment } }
      throw CancellationError()
    }
    let first = try think(from: 64, isFirst: true)
    #expect(first.tokens < 20 && first.until > 64 + 19 && first.until < 64 + 48)
    #expect(first.events.allSatisfy { $0.tick < Tick(rawValue: Int64(30 * first.until)) })
    let second = try think(from: first.until, isFirst: false)
    #expect(second.events.allSatisfy { $0.tick >= Tick(rawValue: Int64(30 * first.until)) })
    let starts = (first.events + second.events).filter { $0.level != nil }
    #expect(starts.prefix(8).map { Int($0.pitch.rawValue) } == motif)
    let gaps = zip(starts.dropFirst().prefix(7), starts).map { ($0.tick - $1.tick).rawValue }
    #expect(gaps.allSatisfy { abs($0 - 192) <= 30 }, "the rhythm of the motif: \(gaps)")
    // A new answer does not continue it.
    let other = try think(from: second.until + 64, isFirst: true)
    #expect(other.events.first { $0.level != nil }?.pitch.rawValue == 60)
  }

  /// Answers stay in the dynamic range and the register of the call, and in the fixed key.
  @Test func answersMatchTheCall() throws {
    let model = try tinyModel()
    let major = try #require(Scale("C major"))
    for velocity in [30, 110] {
      var settings = DuetSettings(seed: 3)
      (settings.answer, settings.tokensPerSecond) = (.seconds(4), 400)
      var playing = ImproviserSettings(seed: 3)
      playing.key = .fixed(major)
      let stage = SimulatedStage(Duet(Improviser(model, playing), settings))
      for index in 0..<12 {
        stage.receive(.message(on(60 + index % 5, velocity: velocity)), at: (0.25 * Double(index)).s)
        stage.receive(.message(off(60 + index % 5)), at: (0.25 * Double(index) + 0.2).s)
      }
      stage.finish(limit: 60.0.s)
      var velocities: [Int] = []
      for case .noteOn(let pitch, let strength) in stage.played.map(\.message.kind) {
        velocities.append(Int(strength.rawValue))
        #expect(major.pitchClasses.contains(pitch.pitchClass) && (53...71).contains(pitch.rawValue))
      }
      let median = velocities.sorted()[velocities.count / 2]
      #expect(velocity == 30 ? median <= 56 : median >= 89, "a call at \(velocity) is answered at \(median)")
    }
  }
}
