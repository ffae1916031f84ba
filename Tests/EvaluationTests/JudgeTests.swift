import Evaluation
import TestSupport
import Testing

@Suite("Judge") struct JudgeTests {
  @Test("the area under the ROC curve counts pairs, and ties as half") func area() {
    #expect(AreaUnderCurve.value([1, 2], [3, 4]) == 1 && AreaUnderCurve.value([3, 4], [1, 2]) == 0)
    #expect(AreaUnderCurve.value([1, 1], [1, 1]) == 0.5)
    #expect(AreaUnderCurve.value([1, 3], [2, 3]) == (1 + 0 + 1 + 0.5) / 4)
    #expect(AreaUnderCurve.value([], [1]) == nil)
  }

  @Test("trees learn what no single threshold separates, and which features matter") func trees() {
    var generator = SeededGenerator(seed: 1)
    func sample() -> [Double] { (0..<6).map { _ in Double.random(in: -1...1, using: &generator) } }
    func isSecond(_ sample: [Double]) -> Bool { (sample[1] > 0) != (sample[4] > 0.2) }
    let known = (0..<400).map { _ in sample() }
    let trees = BoostedTrees(known, isSecond: known.map(isSecond), seed: 1)
    let unknown = (0..<300).map { _ in sample() }
    let right = unknown.count { (trees.score(of: $0) > 0) == isSecond($0) }
    #expect(right > 270)
    #expect(trees.gains[1] + trees.gains[4] > 0.8 * trees.gains.reduce(0, +))
    let again = BoostedTrees(known, isSecond: known.map(isSecond), seed: 1)
    #expect(again.score(of: unknown[0]) == trees.score(of: unknown[0]))
    #expect(BoostedTrees(known, isSecond: known.map { _ in true }, seed: 1).score(of: known[0]) == 0)
  }

  /// Excerpts whose features are specific to each piece, with `feature` shifted.
  private func excerpts(
    _ pieces: Int, of each: Int, feature: JudgeFeature = .meterStrength, shift: Double = 0, seed: UInt64
  ) -> [ExcerptAnalysis] {
    var generator = SeededGenerator(seed: seed)
    let shifted = JudgeFeature.allCases.firstIndex(of: feature) ?? 0
    return (0..<pieces).flatMap { piece in
      let center = JudgeFeature.allCases.map { _ in Double.random(in: -1...1, using: &generator) }
      return (0..<each).map { _ in
        var features = center.map { $0 + Double.random(in: -0.1...0.1, using: &generator) }
        features[shifted] += shift
        return ExcerptAnalysis(piece: piece, coherence: Coherence(values: [:]), features: features)
      }
    }
  }

  @Test("all excerpts of a piece are in one fold, so that the judge cannot recognize pieces") func folds() throws {
    // Pieces are easy to tell apart: a judge trained on some excerpts of each piece would always be right.
    let verdict = try #require(Judge.verdict(excerpts(20, of: 8, seed: 1), excerpts(20, of: 8, seed: 2)))
    #expect(abs((verdict.area ?? 1) - 0.5) < 0.15)
    #expect(verdict.first.count == 20 && verdict.first.allSatisfy { $0.count == 8 })
    #expect(Judge.verdict(excerpts(4, of: 8, seed: 1), excerpts(20, of: 8, seed: 2)) == nil)
  }

  @Test("the report says how well takes are recognized and by what, and that real music is not") func report() throws {
    let takes = excerpts(100, of: 1, feature: .repeatedTopNotes, shift: 1.5, seed: 1)
    let sets = ExcerptSets(
      takes: takes, heldOut: excerpts(25, of: 8, feature: .repeatedTopNotes, seed: 2), halvings: 4, seed: 1)
    let report = JudgeReport(sets, bootstrap: Bootstrap(replicates: 100))
    let area = try #require(report.takes)
    #expect(area.value > 0.85 && area.low < area.value && area.value < area.high && report.training == nil)
    #expect((report.halves?.value ?? 1) < 0.7)
    let first = try #require(report.features.first)
    #expect(first.name == .repeatedTopNotes && first.area > 0.8 && first.takes > first.real + 0.8)
    #expect(abs(report.features.reduce(0) { $0 + $1.importance } - 1) < 1e-9)
    #expect(report == JudgeReport(sets, bootstrap: Bootstrap(replicates: 100)))
  }

  @Test("the features of this version are frozen") func frozen() {
    #expect(Judge.version == 1 && Judge.seed == 1 && JudgeFeature.allCases.count == 55)
    let names = JudgeFeature.allCases.map(\.rawValue).joined(separator: " ")
    let hash = names.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    #expect(hash == 2812752504319060492, "\(hash)")
  }
}
