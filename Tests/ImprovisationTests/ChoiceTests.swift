import Improvisation
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

/// The cost function that ranks candidate answers, and the state that it depends on.
@Suite struct ChoiceTests {
  private static var terms: [(String, WritableKeyPath<AnswerCost, Double>, sign: Double)] {
    [
      ("density", \.density, 1), ("level", \.level, 1), ("register", \.register, 1), ("key", \.key, 1),
      ("motif", \.motif, -1), ("surprise", \.surprise, 1), ("copying", \.copying, 1),
      ("tonality", \.tonality, 1), ("texture", \.texture, 1), ("grid", \.grid, 1), ("repetition", \.repetition, 1),
      ("ending", \.ending, 1),
    ]
  }

  /// The total cost rises with every term except the share of quoted motifs, which lowers it.
  @Test func eachTermHasTheRightSign() {
    for (name, path, sign) in Self.terms {
      var (less, more) = (AnswerCost(), AnswerCost())
      (less[keyPath: path], more[keyPath: path]) = (0.02, 0.06)
      let difference = more.total(develop: 0.3) - less.total(develop: 0.3)
      #expect(difference * sign > 0, "\(name)")
    }
    var quoting = AnswerCost()
    quoting.motif = 1
    var plain = AnswerCost()
    (plain.motif, plain.density) = (0.05, 0)
    quoting.density = 1
    #expect(plain.total(develop: 0.3) < quoting.total(develop: 0.3), "quoting does not outweigh a wrong density")
    quoting.density = 0
    #expect(quoting.total(develop: 0) == 0, "with develop 0 the motif term has no weight")
    (quoting.surprise, quoting.register) = (6, 12)
    #expect(quoting.total(develop: 1) < AnswerCost().total(develop: 1), "with develop 1 quoting prevails")
  }

  /// The divergence of pitch-class distributions distinguishes relative keys: an answer in C major is farther from a call
  /// in A minor than an answer in A minor, in any octave.
  @Test func divergenceDistinguishesRelativeKeys() {
    func distribution(_ pitches: [Int]) -> PitchClassProfile {
      PitchClassProfile(of: pitches.map { Pitch(masking: UInt8($0)) })
    }
    let call = distribution([57, 60, 64, 69, 71, 72, 71, 69, 64, 57])
    #expect(call.divergence(from: call) == 0)
    #expect(abs(call.divergence(from: distribution([56, 63, 66])) - 1) < 1e-9, "no common pitch class")
    #expect(call.divergence(from: distribution([])) == 0)
    let (inA, inC) = (distribution([81, 76, 72, 69, 72, 71]), distribution([67, 72, 76, 79, 77, 74]))
    #expect(inA.divergence(from: call) < 0.1 && inC.divergence(from: call) > 0.3)
    #expect(inA.divergence(from: call) == call.divergence(from: inA))
    var played = Call()
    for (index, pitch) in [57, 60, 64, 69, 71, 72].enumerated() {
      played.add(Pitch(masking: UInt8(pitch)), Velocity(masking: 70), at: Double(index).s)
    }
    let cost = AnswerCost(of: onsets([67, 72, 76, 79, 77, 74]), seconds: 3, answering: played, pitchClasses: nil)
    #expect(cost.tonality > 0.2)
  }

  private func onsets(_ pitches: [Int]) -> [PlannedEvent] {
    pitches.enumerated().map { index, pitch in
      PlannedEvent(tick: (0.25 * Double(index)).s, pitch: Pitch(masking: UInt8(pitch)), level: .mf)
    }
  }

  private func call(_ pitches: [Int], gap: Double = 0.25) -> Call {
    pitches.enumerated().reduce(into: Call()) {
      $0.add(Pitch(masking: UInt8($1.element)), Velocity(masking: 70), at: (gap * Double($1.offset)).s)
    }
  }

  /// A few notes cannot have the distribution of a call. Only what is beyond chance counts: answers of few notes do not
  /// cost more.
  @Test func fewNotesAreNotForeign() {
    let heard = call([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 67])
    let profile = heard.pitchClasses
    var generator = SeededGenerator(seed: 1)
    for count in [1, 3, 12, 40] {
      let draws = 2000
      let sum = (0..<draws).reduce(0.0) { sum, _ in
        let drawn = (0..<count).map { _ in heard.strikes[Int.random(in: 0..<12, using: &generator)].pitch }
        return sum + PitchClassProfile(of: drawn).divergence(from: profile)
      }
      #expect(abs(sum / Double(draws) - profile.expectedDivergence(ofNotes: count)) < 0.02, "\(count) notes")
    }
    #expect(PitchClassProfile().expectedDivergence(ofNotes: 4) == 0 && profile.expectedDivergence(ofNotes: 0) == 0)
    #expect(call([60, 72]).pitchClasses.expectedDivergence(ofNotes: 4) == 0)
    func tonality(_ pitches: [Int]) -> Double {
      AnswerCost(of: onsets(pitches), seconds: 2, answering: heard, pitchClasses: nil).tonality
    }
    #expect(tonality([67]) == 0 && tonality([60, 64, 67]) == 0)
    #expect(tonality([66]) > 0.2 && tonality([61, 66, 70]) > 0.4)
  }

  /// Silence in a stretch costs little where the call has hardly a note in such a time, and much elsewhere.
  @Test func silenceCostsLittleInSlowMusic() {
    func cost(_ gap: Double, isBeside: Bool = false) -> Double {
      AnswerCost(
        of: [], seconds: 2, answering: call([60, 62, 64, 65], gap: gap), pitchClasses: nil, isBeside: isBeside
      ).total(develop: 0.3)
    }
    #expect(cost(0.25) == 13 && cost(0.9) == 13)
    #expect(cost(2) == 13.0 / 4 && cost(3) < cost(2))
    #expect(cost(2, isBeside: true) == 13, "beside the human silence has other reasons")
  }

  private func melody(_ pitches: [Int], gap: Double = 0.25) -> Melody {
    Melody(pitches.enumerated().map { ((gap * Double($0)).s, Pitch(masking: UInt8($1))) })
  }

  @Test func figuresAreFoundInAnyTransposition() {
    let call = melody([60, 62, 64, 65, 67])
    #expect(melody([72, 74, 76, 77]).share(of: call) == 1)
    #expect(melody([72, 71, 69, 67]).share(of: call) == 0)
    #expect(melody([60, 60, 60, 60, 60]).share(of: melody([50, 50, 50, 50])) == 0, "a repeated note is not a figure")
    #expect(melody([60, 62]).share(of: call) == 0)
    // The melody consists of the highest note of each chord.
    let chords = Melody(
      [(0.0.s, 60), (0.01.s, 72), (0.5.s, 74), (0.5.s, 40), (1.0.s, 76), (1.5.s, 77)].map {
        ($0.0, Pitch(masking: UInt8($0.1)))
      })
    #expect(chords.tones.map(\.pitch) == [72, 74, 76, 77])
  }

  /// Repeating a figure costs unless the call repeats it too; figures of earlier segments of the answer count.
  @Test func repeatedFiguresCost() {
    func repetition(_ pitches: [Int], answering heard: [Int], after earlier: [Int] = []) -> Double {
      AnswerCost(
        of: onsets(pitches), seconds: 2, answering: call(heard), pitchClasses: nil, after: onsets(earlier)
      ).repetition
    }
    let (tune, trill) = ([60, 62, 64, 65, 67, 64, 72, 71], [76, 75, 76, 75, 76, 75, 76, 75])
    #expect(repetition(trill, answering: tune) == 0.6, "three of five figures are repetitions")
    #expect(repetition(trill, answering: tune, after: trill) == 1)
    #expect(repetition(trill, answering: trill) == 0 && repetition(tune, answering: tune) == 0)
    // Three more figures lead from the earlier melody to this one.
    #expect(repetition(tune, answering: tune, after: tune) == 5.0 / 8)
    // One pitch that is repeated, even so slowly that a segment has few notes.
    let note = Array(repeating: 60, count: 8)
    #expect(repetition(note, answering: tune) == 0.8 && repetition(note, answering: note) == 0)
    #expect(repetition([60, 60], answering: tune, after: [60, 60, 60, 60]) == 1)
  }

  /// A motif is quoted in its original rhythm within a maximum duration; if fewer than four notes fit, it is not quoted.
  @Test func quotesHaveAMaximumDuration() {
    func quoted(gap: Double) -> Int {
      let pitches = [60, 62, 64, 65, 67, 69, 71, 72]
      let motif = melody(pitches, gap: gap).motif() ?? []
      let events = Quote.literal.events(of: motif, from: 10, level: .mf, pitchClasses: nil, range: 50...80) ?? []
      return events.count { $0.level != nil }
    }
    #expect(quoted(gap: 0.25) == 8 && quoted(gap: 0.9) == 5 && quoted(gap: 1.3) == 4 && quoted(gap: 1.4) == 0)
  }

  @Test func handoversAreParsedAndRecognized() throws {
    let all = try #require(Handovers("pause:1.5,cc:67,note:21,program:3,key"))
    #expect(all.pause == 1.5 && all.controllers == [67] && all.notes == [21] && all.programs == [2] && all.key)
    #expect(Handovers("none") == Handovers() && Handovers("pause")?.pause == 1)
    for text in ["", "pause:", "pause:0", "cc:120", "cc", "note:128", "program:0", "key:1", "pause,,key", "bars"] {
      #expect(Handovers(text) == nil, "\(text)")
    }
    var pedals = PedalPresses()
    func meaning(_ message: ChannelMessage) -> Handovers.Meaning { all.meaning(of: message, &pedals) }
    let meanings = [on(21), off(21), on(22)].map(meaning)
    #expect(meanings == [.signal(.note), .nothing, .music])
    func soft(_ value: UInt8) -> ChannelMessage {
      ChannelMessage(channel: Channel(status: 0), kind: .control(.controller(.soft, value)))
    }
    let presses = [soft(127), soft(0)].map(meaning)
    #expect(presses == [.signal(.controller), .nothing])
    // A continuous pedal, which sends many positions, signals once per press.
    let positions: [UInt8] = [3, 40, 70, 90, 127, 126, 80, 63, 66, 50, 33, 64, 20, 0, 65, 100]
    let signals = positions.map { meaning(soft($0)) == .signal(.controller) }
    #expect(signals.indices.filter { signals[$0] } == [2, 14])
  }

  /// The velocity of a dynamic level adapts to the player's velocities, but stays within the level.
  @Test func velocitiesOfLevelsFollowThePlayer() {
    var velocities = LevelVelocities()
    #expect(velocities.velocity(of: .mf) == DynamicLevel.mf.velocity)
    for velocity in [90, 92, 94] { velocities.receive(on(60, velocity: velocity)) }
    #expect(velocities.velocity(of: .f).rawValue == 92 && velocities.velocity(of: .mf) == DynamicLevel.mf.velocity)
    for velocity in 1...127 {
      var velocities = LevelVelocities()
      velocities.receive(on(60, velocity: velocity))
      let level = DynamicLevel(nearest: Velocity(masking: UInt8(velocity)))
      #expect(DynamicLevel(nearest: velocities.velocity(of: level)) == level)
    }
  }
}
