import Foundation
import MIDIFiles
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite("Metrics") struct MusicMetricsTests {
  /// The metrics that MusPy 0.5.0 gives for pieces of the corpus, in the order of its documentation;
  /// Benchmarks/muspy-metrics.py prints these rows.
  private static let muspy: [(piece: String, values: [Double?])] = [
    ("bach-invention-13", [44, 12, 46, 0, 0, 1.749328, 0, 0.875887, 0.875887, 4.851409, 3.18143, 0.998333, nil, nil]),
    (
      "bach-prelude-in-c",
      [32, 12, 45, 0, 0, 2.55, 0.627232, 0.930783, 0.930783, 4.414607, 3.042588, 0.999762, nil, nil]
    ),
    (
      "beethoven-fur-elise",
      [22, 9, 48, 0, 0.007463, 1.284091, 0, 0.877551, 0.877551, 3.915876, 2.620079, 0.999875, nil, nil]
    ),
    (
      "brahms-waltz-a-flat",
      [27, 9, 47, 0.020408, 0.058824, 4.407602, 0.917969, 0.976096, 0.976096, 4.136619, 2.513743, 0.998568, nil, nil]
    ),
    (
      "chopin-prelude-e-minor",
      [37, 12, 56, 0.009804, 0.009804, 4.025253, 0.934406, 0.846026, 0.846026, 4.355629, 3.2218, 0.999216, nil, nil]
    ),
    ("greensleeves", [29, 8, 51, 0, 0, 2.867108, 0.813167, 0.927386, 0.954357, 4.572545, 2.718418, 0.999395, 1, 1]),
    (
      "korobeiniki",
      [25, 8, 50, 0.007874, 0, 3.564719, 0.560099, 0.921569, 0.921569, 4.28146, 2.753596, 0.999378, 1, 1]
    ),
    (
      "maple-leaf-rag",
      [50, 12, 60, 0, 0.009375, 3.630131, 0.697538, 0.862857, 0.862857, 4.926187, 3.058368, 0.998981, nil, nil]
    ),
    (
      "mozart-sonata-k331-theme",
      [24, 8, 41, 0, 0, 3.034304, 0.737796, 0.995833, 0.995833, 3.998117, 2.679038, 0.998948, nil, nil]
    ),
    (
      "satie-gymnopedie-1",
      [33, 9, 48, 0, 0, 4.051282, 0.683761, 0.933921, 0.933921, 4.513992, 2.935434, 0.998754, nil, nil]
    ),
  ]

  @Test("match MusPy's", arguments: muspy) func metrics(piece: String, values: [Double?]) throws {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(piece).mid").path
    let score = try MIDIFile(path: path).score
    let signature = try #require(score.keySignatures.first)
    let key = signature.key
    let metrics = MusicMetrics(score, key: key)
    let found: [Double?] = [
      Double(metrics.pitchesUsed), Double(metrics.pitchClassesUsed), Double(metrics.pitchRange),
      metrics.emptyBeatRate, metrics.emptyMeasureRate, metrics.polyphony, metrics.polyphonyRate,
      metrics.pitchInScaleRate, metrics.scaleConsistency, metrics.pitchEntropyBits, metrics.pitchClassEntropyBits,
      metrics.grooveConsistency, metrics.drumInPatternRate, metrics.drumPatternConsistency,
    ]
    for (index, (ours, theirs)) in zip(found, values).enumerated() {
      #expect((ours == nil) == (theirs == nil), "metric \(index + 1) of \(piece)")
      if let ours, let theirs { #expect(abs(ours - theirs) < 2e-6, "metric \(index + 1) of \(piece)") }
    }
  }

  @Test("count a pitch held by two parts once") func unison() {
    let note = Note(onset: 0, end: 480, pitch: Pitch(masking: 60), velocity: Velocity(masking: 64))
    let longer = Note(onset: 240, end: 960, pitch: Pitch(masking: 60), velocity: Velocity(masking: 64))
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: [note, longer])])
    #expect(MusicMetrics(score).polyphony == 1)
    #expect(MusicMetrics(score).pitchInScaleRate == nil)
  }

  @Test("of odd scores are finite", arguments: OddScore.allCases) func odd(_ odd: OddScore) throws {
    _ = try JSONEncoder().encode(MusicMetrics(odd.score))
    _ = try JSONEncoder().encode(Analysis(odd.score))
  }

  /// Overlap areas and divergences computed with SciPy; Benchmarks/set-difference.py prints these rows.
  private static let scipy: [(feature: String, overlapArea: Double, divergence: Double)] = [
    ("pitchCount", 0.7987, 0.0389),
    ("noteCount", 0.3980, 0.1114),
    ("pitchClassHistogram", 0.7441, 0.0462),
    ("pitchClassTransitions", 0.6981, 0.0390),
    ("pitchRange", 0.5393, 0.0169),
    ("meanPitchShift", 0.8529, 0.1062),
  ]

  private static func features(_ pieces: [String]) throws -> [ComparisonFeatures] {
    try pieces.compactMap { piece in
      let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(piece).mid").path
      return ComparisonFeatures(try MIDIFile(path: path).score)
    }
  }

  @Test("differ between sets as computed with SciPy", arguments: scipy)
  func differences(feature: String, overlapArea: Double, divergence: Double) throws {
    let first = try Self.features([
      "bach-invention-13", "bach-prelude-in-c", "petzold-minuet-in-g", "mozart-sonata-k331-theme",
      "clementi-sonatina-op36-1",
    ])
    let second = try Self.features([
      "chopin-prelude-e-minor", "chopin-prelude-a-major", "joplin-the-entertainer", "maple-leaf-rag",
      "satie-gymnopedie-1", "brahms-waltz-a-flat",
    ])
    let name = try #require(ComparisonFeatures.Name(rawValue: feature))
    let difference = try #require(SetDifference.all(first, second).first { $0.feature == name })
    #expect(abs((difference.first.overlapArea ?? -1) - overlapArea) < 0.003)
    #expect(abs((difference.first.divergenceNats ?? -1) - divergence) < 0.003)
  }

  @Test("of identical sets are equal and overlap") func sameSet() throws {
    let set = try Self.features(["bach-invention-13", "maple-leaf-rag", "satie-gymnopedie-1", "korobeiniki"])
    for difference in SetDifference.all(set, set) {
      #expect((difference.first.overlapArea ?? 0) > 0.5, "\(difference.feature)")
      #expect(difference.first == difference.second)
    }
    #expect(SetDifference.all([set[0]], [set[1]]).allSatisfy { $0.first.overlapArea == nil })
  }
}
