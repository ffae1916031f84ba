import Evaluation
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite("Coherence") struct CoherenceTests {
  private func coherence(_ notes: [PlayedNote]) throws -> Coherence {
    try ExcerptAnalysis(#require(Excerpt(of: take(notes), piece: 0, length: Seconds(60)))).coherence
  }

  /// Notes one after another, four a second.
  private func melody(_ pitches: [Int]) -> [PlayedNote] {
    pitches.enumerated().map { note(16 * $0, $1, length: 15) }
  }

  @Test("notes outside the scale of the key are counted") func scale() throws {
    let tune = [60, 64, 67, 72, 71, 67, 65, 62, 60, 64, 62, 59, 60, 67, 64, 60]
    let pure = try coherence(melody(tune + tune))
    #expect(pure[.inScale] == 1 && (pure[.keyConfidence] ?? 0) > 0.5)
    var chromatic = tune + tune
    for index in [4, 12, 20, 28] { chromatic[index] = 66 }
    #expect(try coherence(melody(chromatic))[.inScale] == 28.0 / 32)
    let minor = [57, 60, 64, 69, 68, 64, 62, 59, 57, 60, 64, 68, 69, 65, 64, 57]
    #expect(try coherence(melody(minor + minor))[.inScale] == 1)
  }

  @Test("drift is zero if both halves have the same notes, and maximal if they share none") func drift() throws {
    let tune = [60, 62, 64, 65, 67, 69, 71, 72]
    #expect(abs(try coherence(melody(tune + tune))[.pitchClassDrift] ?? 1) < 1e-9)
    #expect(try coherence(melody([60, 62, 64, 60] + [61, 63, 66, 61]))[.pitchClassDrift] == 1)
  }

  @Test("roots that fall by a fifth and cadences are counted") func harmony() throws {
    /// Triads in root position over their bass, a second each.
    func chords(_ roots: [Int]) -> [PlayedNote] {
      roots.enumerated().flatMap { index, root in
        [root - 12, root, root + 4, root + 7].map { note(64 * index, $0, length: 62) }
      }
    }
    let cadence = try coherence(chords([60, 65, 67, 60, 60, 65, 67, 60]))
    // C–F and G–C of six changes; the repeated C is none.
    #expect(abs((cadence[.fallingFifths] ?? 0) - 4.0 / 6) < 1e-9 && (cadence[.cadences] ?? 0) > 0)
    #expect(try coherence(chords([60, 64, 60, 64, 60, 64, 60, 64]))[.fallingFifths] == 0)
    let still = try coherence(chords(Array(repeating: 60, count: 8)))
    #expect(still[.fallingFifths] == nil && still[.cadences] == 0)
  }

  @Test("only notes longer than four seconds count as held") func held() throws {
    let notes = [note(0, 48, length: 256), note(0, 36, length: 320), note(300, 60, length: 64)]
    #expect(try coherence(notes)[.heldNotes] == 320.0 / 640)
  }

  @Test("figures recur at any transposition, and count as returning only after a while") func figures() throws {
    let figure = [60, 62, 59, 64, 66, 61]
    let other = [70, 72, 69, 75, 71, 78, 70, 79, 72, 81, 73]
    let near = try coherence(melody(figure + figure.map { $0 + 3 } + other))
    // Two of eighteen figures are the same.
    #expect(abs((near[.recurringFigures] ?? 0) - 2.0 / 18) < 1e-9 && near[.returningFigures] == 0)
    let rest = (0..<30).map { note(16 * (6 + $0), 40 + ($0 * $0 * 7) % 45, length: 15) }
    let far = try coherence(melody(figure) + rest + figure.enumerated().map { note(16 * (36 + $0), $1, length: 15) })
    #expect((far[.returningFigures] ?? 0) > 0)
    let times = (0..<12).map { Seconds(Double($0)) }
    let recurrence = Recurrence(of: [1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 5], at: times)
    #expect(recurrence.share() == 2.0 / 7 && recurrence.share(after: Seconds(6)) == 2.0 / 7)
    #expect(recurrence.share(after: Seconds(6.5)) == 0)
    #expect(Recurrence(of: [1, 2, 3, 4], at: times).share() == nil)
  }

  @Test("a pulse is strong at any tempo, and random onsets are not") func meter() throws {
    func strength(_ onsets: [Int]) -> Double? { MeterStrength.strength(of: onsets.map { [note($0, 60)] }) }
    let pulses = [20, 32, 64].map { step in strength((0..<1280 / step).map { step * $0 }) ?? 0 }
    for pulse in pulses { #expect(pulse > 0.85) }
    var generator = SeededGenerator(seed: 3)
    let chance = (0..<60).map { _ in Int.random(in: 0..<1280, using: &generator) }.sorted()
    #expect((strength(chance) ?? 1) < 0.45)
    #expect(strength([0, 64, 128]) == nil && strength([0, 16, 32, 48]) == nil)
  }

  @Test("repeated melody notes and, at any pitch, repeated rhythms are counted") func repetition() throws {
    let repeated = try coherence(melody([60, 60, 60, 62, 64]))
    #expect(repeated[.repeatedTopNotes] == 0.5)
    let even = try coherence(melody([60, 67, 62, 71, 58, 69, 61, 55, 66, 72]))
    #expect(even[.repeatedRhythms] == 1 && even[.recurringFigures] == 0)
  }

  @Test("the distance is that between the distributions") func distance() {
    #expect(CoherenceReport.distance([1, 2, 3], [1, 2, 3]) == 0)
    #expect(CoherenceReport.distance([1, 2], [3, 4]) == 1)
    #expect(CoherenceReport.distance([0, 0, 1, 1], [0, 1, 1, 1]) == 0.25)
    #expect(CoherenceReport.distance([], [1]) == nil)
  }

  @Test("quartiles have intervals resampled by piece, and halves of similar music are close") func report() throws {
    func excerpts(_ count: Int, shift: Double, seed: UInt64) -> [ExcerptAnalysis] {
      var generator = SeededGenerator(seed: seed)
      return (0..<count).map { index in
        let value = Double.random(in: 0...1, using: &generator) + shift
        return ExcerptAnalysis(piece: index % 20, coherence: Coherence(values: [.inScale: value]), features: [])
      }
    }
    let sets = ExcerptSets(
      takes: excerpts(200, shift: 0.3, seed: 1), heldOut: excerpts(400, shift: 0, seed: 2),
      training: excerpts(200, shift: 0, seed: 3), seed: 1)
    let report = CoherenceReport(sets, bootstrap: Bootstrap(replicates: 200))
    let spread = try #require(report.takes[.inScale])
    #expect(spread.excerpts == 200 && abs(spread.median.value - 0.8) < 0.1)
    #expect(spread.lowerQuartile.value < spread.median.low && spread.median.high < spread.upperQuartile.value)
    let distance = try #require(report.distance[.inScale])
    #expect((distance.takes ?? 0) > 0.22 && (distance.training ?? 1) < 0.16 && (distance.halves ?? 1) < 0.16)
    #expect(report.takes[.heldNotes] == nil && report.takes.count == 1)
  }
}
