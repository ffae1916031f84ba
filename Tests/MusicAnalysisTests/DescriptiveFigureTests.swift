import AnalysisReport
import MusicAnalysis
import MusicCore
import Testing

/// Descriptive figures, compared with values that follow from their definitions.
@Suite struct DescriptiveFigureTests {
  private static let cadence = [[48, 64, 67], [53, 65, 69], [55, 62, 71], [48, 64, 67]]

  @Test func keysAndTheirAlternativesShareTheProbability() throws {
    let key = try #require(Music.blocks(Self.cadence + Self.cadence, beats: 2).harmony.key)
    let sure = [key.confidence] + key.alternatives.map(\.confidence)
    #expect(key.alternatives.count == 4 && Set(key.alternatives.map(\.name)).count == 4)
    #expect(!key.alternatives.contains { $0.name.key == key.name })
    #expect(sure == sure.sorted(by: >) && sure.reduce(0, +) <= 1 + 1e-9 && sure.reduce(0, +) > 0.9)
  }

  @Test func harmonicRhythmCountsOnlyChanges() throws {
    // Eight chords of two beats; three of the seven changes are on downbeats.
    let chords = [[48, 64, 67], [53, 65, 69], [55, 62, 71], [45, 60, 64]]
    let rhythm = try #require(Music.blocks(chords + chords, beats: 2).harmony.harmonicRhythm)
    #expect(abs(rhythm.chordsPerMinute - 60) < 1e-6 && abs(rhythm.meanBeatsPerChord - 2) < 1e-6)
    #expect(abs(try #require(rhythm.changesOnDownbeats) - 3.0 / 7) < 1e-9)
  }

  @Test func theVelocityRangeExcludesExtremes() {
    let notes = (1...100).map { Performances.note(0.25 * Double($0), 0.2, 60, velocity: $0) }
    let analysis = DynamicsAnalysis(Performances.score(notes))
    // From the 5th to the 95th percentile.
    #expect(analysis.velocityRange == 90)
    #expect(DynamicsAnalysis(Performances.score(Array(notes.prefix(10)))).velocityRange == 8)
    #expect(analysis.levelCounts.reduce(0, +) == 100 && analysis.levelCounts.prefix(5).allSatisfy { $0 > 0 })
  }

  @Test func hairpinsAreRampsAndNotSteps() throws {
    func hairpins(_ velocities: [Int]) -> [DynamicsAnalysis.Hairpin] {
      let notes = velocities.enumerated().map {
        Performances.note(0.25 * Double($0.offset), 0.2, 60, velocity: $0.element)
      }
      return DynamicsAnalysis(Performances.score(notes)).hairpins
    }
    let plateau = [Int](repeating: 40, count: 40)
    let rise = (0..<20).map { 40 + 2 * $0 }
    let found = hairpins(plateau + rise + [Int](repeating: 80, count: 40))
    let hairpin = try #require(found.first)
    #expect(found.count == 1 && hairpin.kind == .crescendo)
    #expect(abs(hairpin.startSeconds.rawValue - 10) <= 1.5 && abs(hairpin.endSeconds.rawValue - 15) <= 1.5)
    // Where the level goes on rising a little after the ramp, the hairpin ends with the ramp.
    let slower = (0..<120).map { 80 + $0 / 8 }
    let bent = try #require(hairpins(plateau + rise + slower).first)
    #expect(abs(bent.startSeconds.rawValue - 10) <= 1.5 && abs(bent.endSeconds.rawValue - 15) <= 1.5)
    // Neither a sudden forte nor a rise by 20 in velocity over half a minute is a hairpin.
    #expect(hairpins(plateau + [Int](repeating: 90, count: 40)).isEmpty)
    #expect(hairpins((0..<120).map { 60 + $0 / 6 }).isEmpty)
  }

  @Test func theSplitPointFollowsTheHands() {
    // Both hands in a high register: after chords that separate them, lower notes alone still belong to the left hand.
    // The split point does not rise above 72, although the centers of the chords do.
    let chords = (0..<24).flatMap { step in
      [Performances.note(Double(step), 0.8, 64), Performances.note(Double(step), 0.8, 84)]
    }
    let alone = [66, 73, 66, 73].enumerated().map { Performances.note(24 + Double($0.offset), 0.8, $0.element) }
    let hands = Performances.score(chords + alone).playedNotes().hands
    #expect(hands.suffix(4) == [false, true, false, true])
    // A single chord moves the split point a little.
    let few = Array(chords.prefix(2)) + [Performances.note(1, 0.8, 62), Performances.note(2, 0.8, 66)]
    #expect(Performances.score(few).playedNotes().hands.suffix(2) == [false, true])
  }

  @Test func melodyNotesDoNotOverlap() {
    let notes = [72, 74, 76, 77].enumerated().map { Performances.note(0.5 * Double($0.offset), 0.9, $0.element) }
    let line = MelodyAnalysis(Performances.score(notes)).line
    #expect(line.map(\.startSeconds.rawValue) == [0, 0.5, 1, 1.5])
    #expect(line.map(\.endSeconds.rawValue) == [0.5, 1, 1.5, 2.4])
  }

  @Test(arguments: 1...4) func estimatesDownbeats(_ seed: UInt64) {
    let (score, beats) = Performances.rubato(bars: 32, seed: seed)
    let downbeats = RhythmAnalysis(score).downbeatsSeconds.map(\.rawValue)
    func found(at places: [Int]) -> Int {
      places.count { place in downbeats.contains { abs($0 - beats[place]) < 0.07 } }
    }
    // Bars of two beats are acceptable too: their downbeats are the first and third beats, never the second or fourth.
    let (strong, weak) = (beats.indices.filter { $0 % 4 == 0 }, beats.indices.filter { $0 % 2 == 1 })
    #expect(found(at: strong) >= 29 && found(at: weak) <= 4, "\(found(at: strong)) and \(found(at: weak))")
  }

  @Test(arguments: [
    (0.12345, "0.1235"), (-0.12344, "-0.1234"), (0.00004, "0"), (-0.00004, "0"), (1e-7, "0"), (0.99995, "1"),
    (-1.99996, "-2"), (12.5, "12.5"), (-0.5, "-0.5"), (123456.00004, "123456"), (3, "3"), (1e20, "1e+20"),
  ]) func fractionsHaveFourDigits(_ value: Double, _ text: String) throws {
    #expect(String(decoding: try RoundedJSON.bytes(of: [value]), as: UTF8.self) == "[\(text)]")
  }

  @Test func numbersInNamesAreNotRounded() throws {
    let bytes = try RoundedJSON.bytes(of: ["take 1.23456": "-0.000001 \"2.34567\""])
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"take 1.23456":"-0.000001 \"2.34567\""}"#)
  }
}
