import Improvisation
import MusicCore
import Testing

/// Turn-taking on real performances.
@Suite struct PauseRuleTests {
  /// How often in two minutes the machine starts a turn although the human continues within a second.
  private static let falseEntries = [
    "Brahms: Piano Sonata No. 2, second movement": 5, "Debussy: Clair de lune": 5,
    "Beethoven: Piano Sonata No. 18, first movement": 7,
  ]

  /// Continuous performances, which were not played for a partner, are interrupted no more often than at the time of
  /// writing, and all rests longer than the longest handover pause are answered.
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
      #expect(isAnswered, "the rest of \(next - onset) s at \(onset) is not answered")
    }
    #expect(turns.last?.ending == .length, "the end is not answered")
  }
}
