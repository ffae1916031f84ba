import Evaluation
import TestSupport
import Testing

@Suite("Diversity") struct DiversityTests {
  /// Excerpts of several kinds of music, which differ in three features. By default each is from a piece of its own.
  private func excerpts(
    _ count: Int, kinds: ClosedRange<Int>, spread: Double = 0.5, pieces: Int? = nil, seed: UInt64
  ) -> [ExcerptAnalysis] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let kind = Double(Int.random(in: kinds, using: &generator))
      var features = JudgeFeature.allCases.map { _ in 0.0 }
      for feature in 0..<3 {
        features[feature] = 4 * kind + Double.random(in: -spread...spread, using: &generator)
      }
      return ExcerptAnalysis(
        piece: pieces.map { index % $0 } ?? index, coherence: Coherence(values: [:]), features: features)
    }
  }

  private func report(_ takes: [ExcerptAnalysis]) throws -> DiversityReport {
    let heldOut = excerpts(300, kinds: 0...3, pieces: 30, seed: 1)
    let report = DiversityReport(ExcerptSets(takes: takes, heldOut: heldOut, training: takes, seed: 1))
    #expect(report.neighbors == 5 && report.training == report.takes)
    return report
  }

  @Test("takes like all of the real music cover it as well as other real music does") func all() throws {
    let report = try report(excerpts(150, kinds: 0...3, seed: 2))
    let (takes, halves) = try (#require(report.takes), #require(report.halves))
    #expect(takes.recall > 0.9 && takes.precision > 0.9 && takes.coverage > 0.9 && takes.distinct > 0.85)
    #expect(abs(takes.coverage - halves.coverage) < 0.1 && abs(takes.distinct - halves.distinct) < 0.1)
  }

  @Test("takes of one kind are precise but do not cover the others") func oneKind() throws {
    let takes = try #require(report(excerpts(150, kinds: 2...2, seed: 2)).takes)
    #expect(takes.precision > 0.9 && takes.recall < 0.4 && takes.coverage < 0.4)
  }

  @Test("takes unlike all real music have no precision") func unreal() throws {
    let takes = try #require(report(excerpts(150, kinds: 9...9, seed: 2)).takes)
    #expect(takes.precision == 0 && takes.coverage == 0 && takes.density == 0)
  }

  @Test("copies of one take are not distinct") func copies() throws {
    let single = excerpts(1, kinds: 1...1, seed: 2)[0]
    let takes = (0..<150).map { ExcerptAnalysis(piece: $0, coherence: single.coherence, features: single.features) }
    #expect(try report(takes).takes?.distinct == 0)
    #expect(try #require(report(excerpts(150, kinds: 0...3, spread: 0.001, seed: 2)).takes).distinct < 0.1)
  }

  @Test("excerpts of the same piece are not neighbors") func pieces() throws {
    let real = excerpts(60, kinds: 0...0, pieces: 2, seed: 1)
    let few = DiversityReport(ExcerptSets(takes: real.map { $0 }, heldOut: real, seed: 1))
    // Each half is a single piece, whose excerpts have no neighbors.
    #expect(few.halves == nil && few.takes != nil)
  }
}
