import Improvisation
import MusicCore
import Testing

/// The turn-taking in real performances.
@Suite struct PauseRuleTests {
  /// How often the machine comes in though the human goes on within a second, in two minutes.
  private static let falseEntries = [
    "Brahms: Piano Sonata No. 2, second movement": 7, "Debussy: Clair de lune": 13,
    "Beethoven: Piano Sonata No. 18, first movement": 7,
  ]

  /// Performers who were never meant to be answered are interrupted no more often than they were, and rests that are
  /// longer than the longest pause that is waited for are all answered.
  @Test(arguments: PerformanceOnsets.all)
  func performersAreSeldomInterrupted(performance: PerformanceOnsets) throws {
    let stage = SimulatedStage(Duet(ScriptedMusician(seed: 1), DuetSettings(seed: 1)))
    for (index, onset) in performance.onsets.enumerated() {
      stage.receive(.message(on(60 + index % 12)), at: onset.s)
    }
    stage.run(to: ((performance.onsets.last ?? 0) + 60).s)
    let turns = stage.duet.turns
    let entries = turns.count { turn in
      turn.ending == .player && turn.end.map { $0 - turn.start < TurnTaking.falseEntry } ?? false
    }
    #expect(entries == Self.falseEntries[performance.title], "\(performance.title)")
    for (onset, next) in zip(performance.onsets, performance.onsets.dropFirst()) where next - onset > 3.2 {
      let isAnswered = turns.contains { $0.start > onset.s && $0.start < next.s }
      #expect(isAnswered, "the rest of \(next - onset) s at \(onset)")
    }
    #expect(turns.last?.ending == .length, "the end is answered")
  }
}
