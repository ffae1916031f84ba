import Foundation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Degenerate scores.
enum OddScore: CaseIterable {
  case empty, oneNote, oneChord, twoNotes, drumsOnly, oneChordRepeated, noLength, sameInstant, extremes, hour

  var score: Score {
    switch self {
    case .empty: Performances.score()
    case .oneNote: Performances.score([Performances.note(1, 1, 60)])
    case .oneChord: Performances.score([60, 64, 67].map { Performances.note(1.13, 1, $0) })
    case .twoNotes: Performances.score([Performances.note(1.13, 1, 60), Performances.note(2.9, 1, 62)])
    case .drumsOnly: Performances.score((0..<64).map { Performances.note(0.25 * Double($0), 0.1, 38, channel: .drums) })
    case .oneChordRepeated:
      Performances.score((0..<40).flatMap { i in [60, 64, 67].map { Performances.note(0.437 * Double(i), 0.4, $0) } })
    case .noLength: Performances.score((0..<40).map { Performances.note(0.31 * Double($0), 0, 60 + $0 % 5) })
    case .sameInstant: Performances.score((0..<60).map { Performances.note(3.21, 1, 30 + $0) })
    case .extremes:
      Performances.score(
        (0..<40).map { Performances.note(0.71 * Double($0), 0.1, $0 % 2 * 127, velocity: 1 + $0 % 2 * 126) })
    case .hour: Performances.score((0..<40).map { Performances.note(97.3 * Double($0), 2, 50 + $0 % 20) })
    }
  }
}

@Suite("Not enough music") struct NotEnoughMusicTests {
  /// Encodes the value, which fails on NaN and infinity, and compares the decoded one.
  private func expectRoundTrip(_ value: some Codable & Equatable) throws {
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(type(of: value), from: data) == value)
  }

  @Test("gives a result without NaN", arguments: OddScore.allCases) func odd(_ odd: OddScore) throws {
    try expectRoundTrip(RhythmAnalysis(odd.score))
    try expectRoundTrip(MelodyAnalysis(odd.score))
    try expectRoundTrip(DynamicsAnalysis(odd.score))
  }

  @Test("random scores give results without NaN", arguments: 0..<80) func any(seed: UInt64) throws {
    let score = ScoreGenerator.score(seed: seed)
    try expectRoundTrip(RhythmAnalysis(score))
    try expectRoundTrip(MelodyAnalysis(score))
    try expectRoundTrip(DynamicsAnalysis(score))
  }

  @Test("omits undetermined results", arguments: [OddScore.empty, .drumsOnly]) func nothing(_ odd: OddScore) {
    let melody = MelodyAnalysis(odd.score)
    #expect(melody.line.isEmpty && melody.meanPitch == nil && melody.stepShare == nil)
    let dynamics = DynamicsAnalysis(odd.score)
    #expect(dynamics.meanVelocity == nil && dynamics.curve.isEmpty && dynamics.hands.isEmpty)
  }

  @Test("no music has no rhythm; drums have a rhythm and no melody") func drums() {
    let nothing = RhythmAnalysis(OddScore.empty.score)
    #expect(nothing.tempoBPM == nil && nothing.beatsSeconds.isEmpty && nothing.beatSource == nil)
    #expect(nothing.onsetsPerSecond == nil && nothing.syncopation == nil && nothing.swingRatio == nil)
    let drums = RhythmAnalysis(OddScore.drumsOnly.score)
    #expect(drums.tempoBPM == 120 && drums.syncopation == 0 && drums.melodicSyncopation == nil)
  }

  @Test("one onset has no beats", arguments: [OddScore.oneNote, .oneChord, .sameInstant]) func moment(_ odd: OddScore) {
    #expect(RhythmAnalysis(odd.score).beatsSeconds.isEmpty)
    #expect(RhythmAnalysis(odd.score).tempoBPM == nil)
  }

  @Test("the same score gives the same analysis", arguments: 1...3) func deterministic(seed: UInt64) {
    let score = Performances.rubato(bars: 12, seed: seed).score
    #expect(RhythmAnalysis(score) == RhythmAnalysis(score))
    #expect(MelodyAnalysis(score) == MelodyAnalysis(score))
    #expect(DynamicsAnalysis(score) == DynamicsAnalysis(score))
  }
}
