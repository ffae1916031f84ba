import MusicAnalysis
import MusicCore
import Testing

@Suite("Melody") struct MelodyAnalysisTests {
  private func line(_ score: Score) -> [Int] { MelodyAnalysis(score).line.map { Int($0.pitch.rawValue) } }

  /// A sequence of pitches, by default half a second each.
  private func tune(_ pitches: [Int], from start: Double = 0, step: Double = 0.5) -> [Note] {
    pitches.enumerated().map { Performances.note(start + step * Double($0.offset), 0.9 * step, $0.element) }
  }

  @Test("is the top line") func skyline() {
    let upper = [72, 74, 76, 74, 72, 71, 72]
    #expect(line(Performances.score(tune(upper), tune(upper.map { $0 - 16 }))) == upper)
  }

  @Test("does not switch to the accompaniment under a held note") func heldNote() {
    let accompaniment = (0..<16).map { Performances.note(0.25 * Double($0), 0.2, [60, 67, 64, 67][$0 % 4]) }
    let upper = [Performances.note(0, 2, 72), Performances.note(2, 2, 76)]
    #expect(line(Performances.score(upper, accompaniment)) == [72, 76])
  }

  @Test("does not switch to the accompaniment in a rest") func rest() {
    let accompaniment = (0..<16).map { Performances.note(0.25 * Double($0), 0.2, [48, 55, 52, 55][$0 % 4]) }
    let upper = [Performances.note(0, 0.4, 79), Performances.note(0.5, 0.4, 77), Performances.note(1.5, 0.4, 79)]
    #expect(line(Performances.score(upper, accompaniment)).prefix(3) == [79, 77, 79])
  }

  @Test("counts steps, leaps and turns") func intervals() throws {
    let analysis = MelodyAnalysis(Performances.score(tune([60, 62, 64, 64, 60, 67])))
    #expect(analysis.stepShare == 0.4 && analysis.leapShare == 0.4 && analysis.repetitionShare == 0.2)
    #expect(analysis.intervalCounts[24 + 2] == 2 && analysis.intervalCounts[24] == 1)
    #expect(analysis.intervalCounts[24 - 4] == 1 && analysis.intervalCounts[24 + 7] == 1)
    #expect(analysis.intervalCounts.reduce(0, +) == 5)
    #expect(analysis.lowestPitch?.rawValue == 60 && analysis.highestPitch?.rawValue == 67)
    #expect(abs(try #require(analysis.turnShare) - 2.0 / 3) < 1e-9)
    #expect(abs(try #require(analysis.meanIntervalSemitones) - 3) < 1e-9)
  }

  @Test("classifies the contours of phrases") func contours() {
    let phrases = [[60, 64, 67, 64, 60], [67, 64, 60, 64, 67], [60, 62, 64, 65, 67], [67, 65, 64, 62, 60]]
    let notes = phrases.enumerated().flatMap { tune($0.element, from: 10 * Double($0.offset)) }
    let counts = MelodyAnalysis(Performances.score(notes)).contours
    #expect(counts.map(\.contour) == [.convex, .concave, .ascending, .descending])
    #expect(counts.allSatisfy { $0.phrases == 1 })
  }

  @Test("finds a motive transposed and at another tempo") func motives() throws {
    let motive = [67, 67, 69, 67, 72, 71]
    let lengths = [0.3, 0.15, 0.6, 0.6, 0.6, 1.2]
    func play(from start: Double, transposition: Int, stretch: Double) -> [Note] {
      var time = start
      return zip(motive, lengths).map { pitch, length in
        defer { time += length * stretch }
        return Performances.note(time, 0.9 * length * stretch, pitch + transposition)
      }
    }
    let between = tune([60, 64, 59, 66, 61, 70, 62, 58], from: 5, step: 0.3)
    let notes =
      play(from: 0, transposition: 0, stretch: 1) + between + play(from: 9, transposition: 5, stretch: 1.25)
      + tune([70, 61, 75, 59], from: 15, step: 0.7) + play(from: 19, transposition: -3, stretch: 0.8)
    let found = MelodyAnalysis(Performances.score(notes)).motives
    let best = try #require(found.first)
    #expect(best.occurrences.map(\.transposition) == [0, 5, -3])
    #expect(best.occurrences.map { Int($0.startSeconds.rawValue) } == [0, 9, 19])
    #expect(Array(best.intervals.suffix(4)) == [2, -2, 5, -1])
  }

  @Test("finds no motive where nothing recurs") func noMotives() {
    // Each interval occurs once.
    let pitches = [60, 61, 63, 66, 70, 75, 69, 62, 54, 63, 73, 84, 72, 59, 45, 60]
    #expect(MelodyAnalysis(Performances.score(tune(pitches))).motives.isEmpty)
  }
}
