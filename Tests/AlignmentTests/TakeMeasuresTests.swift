import Alignment
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite struct TakeMeasuresTests {
  private static func measures(_ piece: String, _ change: (inout [PlayedNote], [Bool]) -> Void) throws -> TakeMeasures {
    let score = try PlayedTake.score(piece)
    var notes = score.playedNotes()
    change(&notes, notes.hands)
    notes.sort { ($0.onset, $0.pitch, $0.track) < ($1.onset, $1.pitch, $1.track) }
    return TakeMeasures(try TakeAlignment(notes, reference: score.playedNotes()), reference: score)
  }

  private static func move(_ note: inout PlayedNote, _ seconds: Double) {
    note.onset = note.onset + Seconds(seconds)
    note.end = note.end + Seconds(seconds)
  }

  @Test func aScoreIsEvenAndTogether() throws {
    let measures = try Self.measures("bach-invention-13") { _, _ in }
    #expect(measures.hands.map(\.hand) == [.right, .left] && measures.notReached == 0 && !measures.isDoubtful)
    for hand in measures.hands {
      #expect(hand.counts.mistakes == 0 && hand.changes > 50)
      // The ritardando at the end of the score is in the take too, so both have the same unevenness.
      #expect(abs((hand.timingUnevenness ?? 9) - (hand.referenceTimingUnevenness ?? 0)) < 0.01)
      #expect((hand.timingUnevenness ?? 9) < 3 && hand.velocityUnevenness == hand.referenceVelocityUnevenness)
      #expect(abs((hand.lengthRatio ?? 0) - 1) < 1e-3)
    }
    #expect(measures.together.map { abs($0.meanMilliseconds) < 1e-6 && $0.deviationMilliseconds < 1e-6 } ?? false)
    let tempo = try #require(measures.tempo)
    #expect(abs(tempo.beatsPerMinute - tempo.referenceBeatsPerMinute) < 0.01)
    #expect(tempo.beats.allSatisfy { abs($0.beatsPerMinute - $0.referenceBeatsPerMinute) < 0.01 })
  }

  /// If every other note of one hand is late and soft, that hand is uneven and the other is not.
  @Test(arguments: [true, false]) func unevennessIsThatOfTheHand(right: Bool) throws {
    let measures = try Self.measures("bach-invention-13") { notes, hands in
      var count = 0
      for index in notes.indices where hands[index] == right {
        count += 1
        if count.isMultiple(of: 2) {
          Self.move(&notes[index], 0.02)
          notes[index].velocity = Velocity(masking: notes[index].velocity.rawValue - 20)
        }
      }
    }
    let (uneven, even) = (measures.hands[right ? 0 : 1], measures.hands[right ? 1 : 0])
    // Intervals of d + 20 ms and d − 20 ms differ by 40 ms, which is (100 · 40 / d) % of their mean.
    #expect((uneven.timingUnevenness ?? 0) > 8 && (even.timingUnevenness ?? 9) < 1)
    #expect((uneven.velocityUnevenness ?? 0) > 15 && (even.velocityUnevenness ?? 99) < 5)
  }

  /// The exact value for sixteenths of 125 ms of which every other one is 10 ms late.
  @Test func unevennessIsThePairwiseVariability() throws {
    var notes: [Note] = []
    for index in 0..<80 {
      let onset = Int64(120 * index)
      notes.append(
        Note(
          onset: Tick(rawValue: onset), end: Tick(rawValue: onset + 120), pitch: Pitch(masking: UInt8(72 + index % 8)),
          velocity: Velocity(masking: 80)))
    }
    let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
    let score = Score(tempoMap: map, tracks: [Track(notes: notes)])
    var played = score.playedNotes()
    for index in played.indices where index % 2 == 1 { Self.move(&played[index], 0.01) }
    let measures = TakeMeasures(try TakeAlignment(played, reference: score.playedNotes()), reference: score)
    let hand = try #require(measures.hands.first)
    #expect(measures.hands.count == 1 && hand.hand == .right && hand.changes == 78)
    #expect(abs((hand.timingUnevenness ?? 0) - 100 * 0.02 / 0.125) < 0.01)
    #expect(measures.together == nil)
  }

  @Test func theRightHandIsFirst() throws {
    let measures = try Self.measures("chopin-prelude-e-minor") { notes, hands in
      for index in notes.indices where hands[index] { Self.move(&notes[index], -0.03) }
    }
    let together = try #require(measures.together)
    #expect(abs(together.meanMilliseconds + 30) < 1 && together.deviationMilliseconds < 1 && together.chords > 20)
  }

  /// If a take slows to half the tempo in the middle, so do the tempos of its beats and bars from there on.
  @Test func tempoFollowsTheTake() throws {
    let score = try PlayedTake.score("mozart-sonata-k331-theme")
    let middle = score.duration.rawValue / 2
    let measures = try Self.measures("mozart-sonata-k331-theme") { notes, _ in
      func time(_ time: Seconds) -> Seconds { Seconds(time.rawValue + max(0, time.rawValue - middle)) }
      for index in notes.indices {
        (notes[index].onset, notes[index].end) = (time(notes[index].onset), time(notes[index].end))
      }
    }
    let tempo = try #require(measures.tempo)
    for beat in tempo.beats where abs(beat.referenceSeconds.rawValue - middle) > 4 {
      let ratio = beat.beatsPerMinute / beat.referenceBeatsPerMinute
      #expect(abs(ratio - (beat.referenceSeconds.rawValue < middle ? 1 : 0.5)) < 0.02)
    }
    #expect(measures.bars.first.map { abs($0.beatsPerMinute - $0.referenceBeatsPerMinute) < 0.5 } ?? false)
    let last = try #require(measures.bars.dropLast().last)
    #expect(abs(last.beatsPerMinute / last.referenceBeatsPerMinute - 0.5) < 0.02)
  }

  /// A mistake is counted in its bar and hand, and reported with the note that was written.
  @Test func mistakesAreWhereTheyWereMade() throws {
    let score = try PlayedTake.score("bach-invention-13")
    let notes = score.playedNotes()
    let positions = try #require(MetricalGrid(score).flatMap(BarPositions.init))
    let hands = notes.hands
    let changed = try #require(notes.indices.first { positions.place(of: notes[$0].onset)?.bar == 7 && !hands[$0] })
    let measures = try Self.measures("bach-invention-13") { notes, _ in
      notes[changed].pitch = notes[changed].pitch.transposed(by: 1) ?? notes[changed].pitch
    }
    #expect(measures.counts.wrong == 1 && measures.counts.mistakes == 1)
    #expect(measures.bars.filter { $0.counts.mistakes > 0 }.map(\.bar) == [7])
    let mistake = try #require(measures.notes.first { $0.kind == .wrong })
    #expect(mistake.bar == 7 && mistake.hand == .left && mistake.referencePitch == notes[changed].pitch.rawValue)
    #expect(mistake.pitch == notes[changed].pitch.rawValue + 1)
    #expect(measures.hands.map(\.counts.wrong) == [0, 1])
  }

  @Test func anotherPieceIsDoubtful() throws {
    let score = try PlayedTake.score("bach-invention-13")
    let other = try PlayedTake.score("chopin-prelude-e-minor")
    #expect(TakeMeasures(try TakeAlignment(other, reference: score), reference: score).isDoubtful)
    let take = PlayedTake(score.playedNotes(), .init(missing: 8, wrong: 8, extra: 8, rubato: 0.3, jitter: 0.02))
    let own = TakeMeasures(try TakeAlignment(take.notes, reference: score.playedNotes()), reference: score)
    #expect(!own.isDoubtful)
  }
}
