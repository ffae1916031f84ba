import MusicAnalysis
import MusicCore
import Testing

@Suite("Dynamics") struct DynamicsAnalysisTests {
  /// Four notes per second with the given velocities.
  private func score(_ velocities: [Int]) -> Score {
    Performances.score(
      velocities.enumerated().map { Performances.note(0.25 * Double($0.offset), 0.2, 60, velocity: $0.element) })
  }

  @Test("a constant level has no shape") func level() {
    let analysis = DynamicsAnalysis(score([Int](repeating: 80, count: 80)))
    #expect(analysis.level == .mf && analysis.meanVelocity == 80 && analysis.velocityRange == 0)
    #expect(analysis.levelCounts == [0, 0, 0, 80, 0, 0])
    #expect(analysis.curve.allSatisfy { $0.velocity == 80 })
    #expect(analysis.hairpins.isEmpty && analysis.accents.isEmpty && analysis.phraseArcs.isEmpty)
  }

  @Test("a rise and a fall are a crescendo, a diminuendo and an arc") func hairpins() throws {
    let velocities = (0..<40).map { 40 + $0 } + (0..<40).map { 80 - $0 }
    let analysis = DynamicsAnalysis(score(velocities))
    #expect(analysis.hairpins.map(\.kind) == [.crescendo, .diminuendo])
    let rise = try #require(analysis.hairpins.first)
    #expect(abs(rise.endSeconds.rawValue - 10) <= 1 && rise.fromVelocity < 46 && rise.toVelocity > 74)
    let arc = try #require(analysis.phraseArcs.first)
    #expect(analysis.phraseArcs.count == 1 && abs(arc.climaxSeconds.rawValue - 10) <= 1)
  }

  @Test("small fluctuations do not split a crescendo") func waves() {
    let velocities = (0..<80).map { 40 + $0 / 2 + ($0 / 4 % 2) * 4 }
    #expect(DynamicsAnalysis(score(velocities)).hairpins.map(\.kind) == [.crescendo])
  }

  @Test("small periodic fluctuations are no crescendo") func breathing() {
    let velocities = (0..<160).map { 70 + abs(16 - $0 % 32) / 2 }
    let analysis = DynamicsAnalysis(score(velocities))
    #expect(analysis.hairpins.isEmpty)
    #expect(Set(analysis.curve.map(\.velocity)).count > 4)
  }

  @Test("an accent is a note that stands out") func accents() throws {
    var velocities = (0..<60).map { 60 + $0 % 5 }
    velocities[30] = 110
    let accents = DynamicsAnalysis(score(velocities)).accents
    #expect(accents.map(\.seconds) == [Seconds(7.5)])
    #expect(accents.first?.velocity.rawValue == 110)
  }

  @Test("hands are distinguished by track or by register") func hands() {
    let upper = (0..<40).map { Performances.note(0.25 * Double($0), 0.2, 74 + $0 % 5, velocity: 90) }
    let lower = (0..<40).map { Performances.note(0.25 * Double($0), 0.2, 43 + $0 % 5, velocity: 50) }
    for score in [Performances.score(upper, lower), Performances.score(upper + lower)] {
      let analysis = DynamicsAnalysis(score)
      #expect(analysis.hands.map(\.name) == ["right", "left"])
      #expect(analysis.hands.map(\.meanVelocity) == [90, 50])
      #expect(analysis.melodyLead == 40)
    }
    #expect(DynamicsAnalysis(Performances.score(upper, lower)).tracks.map(\.notes) == [40, 40])
  }
}
