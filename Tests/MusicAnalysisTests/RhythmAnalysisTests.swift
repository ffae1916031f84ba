import MusicAnalysis
import MusicCore
import Testing

@Suite("Rhythm") struct RhythmAnalysisTests {
  /// A score at 120 beats per minute in 4/4 from onsets in beats.
  private func score(_ onsets: [Double], pitch: Int = 72) -> Score {
    Performances.score(onsets.map { Performances.note($0 / 2, 0.1, pitch) })
  }

  /// A bar of four beats repeated, and a final beat.
  private func bars(_ count: Int, _ bar: [Double]) -> [Double] {
    (0..<count).flatMap { index in bar.map { $0 + Double(4 * index) } } + [Double(4 * count)]
  }

  /// Onsets on beats have no syncopation. A note at 1.5 held over 2 has level −3 against −1; a note at 1 held over 2
  /// and one at 2.5 held over 3 differ by one level each.
  private static let syncopations: [(bar: [Double], expected: Double)] = [
    ([0, 1, 2, 3], 0), ([0, 1, 2, 3, 3.5], 0), ([0, 0.5, 1, 1.5, 2, 3], 0),
    ([0, 1.5, 3], 2), ([0, 1, 2.5], 2), ([0, 0.75, 2], 2),
  ]

  @Test("syncopation follows Longuet-Higgins and Lee", arguments: syncopations)
  func syncopation(bar: [Double], expected: Double) throws {
    let analysis = RhythmAnalysis(score(bars(8, bar)))
    #expect(try #require(analysis.syncopation) == expected)
    #expect(analysis.melodicSyncopation == expected)
  }

  @Test("a note held over the bar line has the highest syncopation") func overTheBar() throws {
    // Level −3 at 3.5 against 0 at the bar line, in each bar except the last, which is followed by a note.
    let bar: [Double] = [1, 2, 3, 3.5]
    let onsets = (0..<8).flatMap { index in bar.map { $0 + Double(4 * index) } }
    #expect(try #require(RhythmAnalysis(score([0] + onsets + [32])).syncopation) == 3 * 7.0 / 8)
  }

  @Test("swing is the ratio of the long to the short eighth", arguments: [(0.5, 1.0), (2.0 / 3, 2.0), (0.6, 1.5)])
  func swing(phase: Double, ratio: Double) throws {
    let onsets = (0..<32).flatMap { beat -> [Double] in [Double(beat), Double(beat) + phase] }
    #expect(abs(try #require(RhythmAnalysis(score(onsets)).swingRatio) - ratio) < 0.02)
  }

  @Test("sixteenths do not swing") func sixteenths() {
    let onsets = (0..<128).map { Double($0) / 4 }
    #expect(RhythmAnalysis(score(onsets)).swingRatio == nil)
  }

  @Test("groove consistency is the similarity of neighboring bars") func groove() throws {
    #expect(try #require(RhythmAnalysis(score(bars(8, [0, 1, 1.5, 2, 3]))).grooveConsistency) == 1)
    // Neighboring bars differ in 2 of 16 steps.
    let patterns: [[Double]] = [[0, 1, 2, 3], [0, 1, 1.5, 2, 2.5, 3]]
    let onsets = (0..<8).flatMap { bar in patterns[bar % 2].map { $0 + Double(4 * bar) } }
    #expect(try #require(RhythmAnalysis(score(onsets + [32])).grooveConsistency) == 1 - 2.0 / 16)
  }

  @Test("finds three against two, and not four against two") func polyrhythm() throws {
    func hands(_ upper: Int, _ lower: Int) -> Score {
      func hand(_ parts: Int, _ pitch: Int) -> [Note] {
        (0..<24 * parts).map { Performances.note(Double($0) / Double(parts) / 2, 0.1, pitch) }
      }
      return Performances.score(hand(upper, 76), hand(lower, 48))
    }
    let found = RhythmAnalysis(hands(3, 2)).polyrhythms
    #expect(found.map(\.ratio) == ["3:2"])
    #expect((found.first?.beats ?? 0) >= 22)
    #expect(RhythmAnalysis(hands(2, 3)).polyrhythms.map(\.ratio) == ["2:3"])
    #expect(RhythmAnalysis(hands(4, 2)).polyrhythms.isEmpty)
    #expect(RhythmAnalysis(hands(3, 3)).polyrhythms.isEmpty)
  }

  @Test("density and intervals count chords once") func density() throws {
    let notes = (0..<41).flatMap { i in [60, 64, 67].map { Performances.note(0.25 * Double(i), 0.2, $0) } }
    let analysis = RhythmAnalysis(Performances.score(notes))
    #expect(abs(try #require(analysis.onsetsPerSecond) - 4) < 1e-9)
    #expect(abs(try #require(analysis.notesPerSecond) - 12.3) < 1e-9)
    let histogram = analysis.interOnsetHistogram
    #expect(histogram.counts.reduce(0, +) == 40)
    // 0.25 s is four octaves over 1/64 s.
    #expect(histogram.counts[16] == 40)
    #expect(abs(histogram.edgesSeconds[16].rawValue - 0.25) < 1e-12)
  }

  @Test("the tempo curve follows the map") func tempoCurve() throws {
    let notes = (0..<64).map { index in
      Note(
        onset: Tick(rawValue: Int64(index) * 480), end: Tick(rawValue: Int64(index) * 480 + 400),
        pitch: Pitch(masking: 60), velocity: Velocity(masking: 80))
    }
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 480),
      changes: [
        TempoChange(tick: .zero, microsecondsPerQuarter: 500_000),
        TempoChange(tick: Tick(rawValue: 480 * 32), microsecondsPerQuarter: 750_000),
      ])
    let analysis = RhythmAnalysis(Score(tempoMap: map, tracks: [Track(notes: notes)]))
    let curve = analysis.tempoCurve.map { $0.beatsPerMinute.rounded() }
    #expect(curve.prefix(30).allSatisfy { $0 == 120 } && curve.suffix(28).allSatisfy { $0 == 80 })
    #expect(abs(try #require(analysis.tempoVariation) - 0.2) < 0.01)
    #expect(analysis.beatSource == .tempoMap)
  }
}
