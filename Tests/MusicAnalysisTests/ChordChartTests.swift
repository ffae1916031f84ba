import Foundation
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

/// The charts of written music in C major, whose times are in ticks of 1/64 s: 32 for a quarter note.
@Suite struct ChordChartTests {
  private typealias Block = (pitches: [Int], beats: Double)

  private static let c = [48, 64, 67, 72], aMinor = [45, 64, 69, 72], f = [41, 65, 69, 72], g7 = [43, 65, 67, 71]
  private static let g7OverB = [47, 62, 65, 67], dMinor = [50, 65, 69, 74]

  private static let inFour: [Block] =
    [(c, 2), (aMinor, 2), (f, 2), (g7, 2), (c, 2), (aMinor, 2), (f, 2), (g7, 2), (c, 4)]
  private static let inThree: [Block] =
    [(c, 3), (aMinor, 3), (f, 2), (g7OverB, 1), (c, 3), (c, 3), (aMinor, 3), (f, 2), (g7OverB, 1), (c, 3)]
  private static let withUpbeat: [Block] =
    [(g7, 1), (c, 4), (f, 2), (g7, 2), (aMinor, 2), (f, 2), (g7, 4), (c, 4)]

  private static func notes(_ blocks: [Block], from start: Double = 0, movedBy semitones: Int = 0) -> [Note] {
    var beat = start
    return blocks.flatMap { block in
      defer { beat += block.beats }
      return block.pitches.map { Music.note($0 + semitones, at: beat, beats: block.beats) }
    }
  }

  private static func score(_ notes: [Note], _ meters: [(tick: Tick, beats: Int, unit: Int)] = []) -> Score {
    var score = Music.score(notes)
    score.timeSignatures = meters.map { TimeSignature(tick: $0.tick, numerator: $0.beats, denominator: $0.unit) }
    return score
  }

  /// The start, end, symbol, place, half beats and beats of the bar of each chord.
  private func lines(_ chart: ChordChart) -> [String] {
    chart.entries.map { entry in
      let (start, end, symbol) = (entry.start.rawValue, entry.end.rawValue, entry.chord.symbol(in: entry.key))
      return "\(start)-\(end) \(symbol) \(entry.place)+\(entry.halfBeats)/\(entry.beatsPerBar)"
    }
  }

  private func isInCMajor(_ chart: ChordChart) -> Bool { chart.entries.allSatisfy { $0.key.description == "C major" } }

  @Test func barsOfFourBeats() {
    let chart = ChordChart(Self.score(Self.notes(Self.inFour)))
    #expect(
      lines(chart) == [
        "0-64 C 0+4/4", "64-128 Am 4+4/4", "128-192 F 0+4/4", "192-256 G7 4+4/4", "256-320 C 0+4/4", "320-384 Am 4+4/4",
        "384-448 F 0+4/4", "448-512 G7 4+4/4", "512-640 C 0+8/4",
      ])
    #expect(isInCMajor(chart) && chart.isBeginning && chart.isEnding && chart.secondsPerBeat == 0.5)
  }

  /// A chord that is repeated in the next bar is one chord.
  @Test func barsOfThreeBeats() {
    let chart = ChordChart(Self.score(Self.notes(Self.inThree), [(.zero, 3, 4)]))
    #expect(
      lines(chart) == [
        "0-96 C 0+6/3", "96-192 Am 0+6/3", "192-256 F 0+4/3", "256-288 G7/B 4+2/3", "288-480 C 0+12/3",
        "480-576 Am 0+6/3", "576-640 F 0+4/3", "640-672 G7/B 4+2/3", "672-768 C 0+6/3",
      ])
    #expect(isInCMajor(chart))
  }

  /// Beats are dotted quarters.
  @Test func barsOfSixEighths() {
    let blocks: [Block] = [
      (Self.c, 3), (Self.f, 1.5), (Self.g7, 1.5), (Self.aMinor, 3), (Self.f, 1.5), (Self.g7, 1.5), (Self.c, 3),
    ]
    let chart = ChordChart(Self.score(Self.notes(blocks), [(.zero, 6, 8)]))
    #expect(
      lines(chart) == [
        "0-96 C 0+4/2", "96-144 F 0+2/2", "144-192 G7 2+2/2", "192-288 Am 0+4/2", "288-336 F 0+2/2", "336-384 G7 2+2/2",
        "384-480 C 0+4/2",
      ])
    #expect(isInCMajor(chart) && chart.secondsPerBeat == 0.75)
  }

  /// The upbeat is the last of the four beats of its bar, whether the bar begins with rests or is written as a bar of a
  /// beat of its own.
  @Test(arguments: [false, true]) func anUpbeatEndsItsBar(hasRests: Bool) {
    let start = hasRests ? 3 : 0
    let meters: [(tick: Tick, beats: Int, unit: Int)] = hasRests ? [(.zero, 4, 4)] : [(.zero, 1, 4), (480, 4, 4)]
    let chart = ChordChart(Self.score(Self.notes(Self.withUpbeat, from: Double(start)), meters))
    let expected = [
      (0, 1, "G7 6+2/4"), (1, 5, "C 0+8/4"), (5, 7, "F 0+4/4"), (7, 9, "G7 4+4/4"), (9, 11, "Am 0+4/4"),
      (11, 13, "F 4+4/4"), (13, 17, "G7 0+8/4"), (17, 21, "C 0+8/4"),
    ]
    #expect(lines(chart) == expected.map { "\(32 * (start + $0.0))-\(32 * (start + $0.1)) \($0.2)" })
    #expect(isInCMajor(chart))
  }

  /// A long rest belongs to no chord, but to the length of the chord before it.
  @Test func silenceIsAGap() {
    let blocks: [Block] = [(Self.c, 2), (Self.f, 2), (Self.g7, 2), (Self.c, 2)]
    let chart = ChordChart(Self.score(Self.notes(blocks) + Self.notes(blocks, from: 16)))
    #expect(
      lines(chart) == [
        "0-64 C 0+4/4", "64-128 F 4+4/4", "128-192 G7 0+4/4", "192-256 C 4+20/4", "512-576 C 0+4/4", "576-640 F 4+4/4",
        "640-704 G7 0+4/4", "704-768 C 4+4/4",
      ])
    #expect(chart.secondsPerBeat == 0.5)
  }

  /// Three cadences in C major, then in E major.
  @Test func chordsAreInTheKeyOfTheirTime() {
    let cadence: [Block] = [([60, 64, 67], 2), ([65, 69, 72], 2), ([67, 71, 74], 2), ([60, 64, 67], 2)]
    let phrases = cadence + cadence + cadence
    let chart = ChordChart(Self.score(Self.notes(phrases) + Self.notes(phrases, from: 24, movedBy: 4)))
    let keys = chart.entries.map(\.key.description)
    #expect(keys == chart.entries.map { $0.start < 768 ? "C major" : "E major" })
    #expect(keys.contains("C major") && keys.contains("E major"))
    let symbols = chart.entries.map { $0.chord.symbol(in: $0.key) }
    let expected = ["C", "F", "G", "C", "F", "G", "C", "F", "G", "C", "E", "A", "B", "E", "A", "B", "E", "A", "B", "E"]
    #expect(symbols == expected)
  }

  /// A performance in 3/4 without a click, at 63 s for 100 beats, whose first beat is an upbeat.
  @Test func beatsOfAPerformance() {
    let roots = [Self.c, Self.f, Self.g7, Self.c, Self.aMinor, Self.dMinor, Self.g7, Self.c]
    var beats = [0.5]
    for beat in 0..<50 { beats.append(beats[beat] + 0.63 * (1 + 0.04 * sin(0.7 * Double(beat)))) }
    var notes: [Note] = []
    func add(_ chord: [Int], _ span: Range<Int>) {
      func play(_ pitch: Int, at time: Double, for seconds: Double) {
        notes.append(Music.note(pitch, at: 2 * time, beats: 2 * seconds))
      }
      play(chord[0], at: beats[span.lowerBound], for: 0.95 * (beats[span.upperBound] - beats[span.lowerBound]))
      for beat in span {
        let length = beats[beat + 1] - beats[beat]
        let delay = 0.004 * Double(beat * 7 % 5 - 2)
        for pitch in chord.dropFirst() { play(pitch, at: beats[beat] + delay, for: 0.8 * length) }
        play(chord[3] + 12, at: beats[beat] + length / 2, for: 0.45 * length)
      }
    }
    add(Self.g7, 0..<1)
    for bar in 0..<16 { add(roots[bar % 8], 1 + 3 * bar..<4 + 3 * bar) }
    let chart = ChordChart(Music.score(notes))
    let symbols = ["G7", "C", "F", "G7", "C", "Am", "Dm", "G7", "C", "F", "G7", "C", "Am", "Dm", "G7", "C"]
    #expect(chart.entries.map { $0.chord.symbol(in: $0.key) } == symbols)
    #expect(chart.entries.map(\.place) == [4] + Array(repeating: 0, count: 15))
    // The last chord of the first half goes on in the second.
    #expect(chart.entries.map(\.halfBeats) == [2] + (1...15).map { $0 == 8 ? 12 : 6 })
    #expect(chart.entries.allSatisfy { $0.beatsPerBar == 3 })
    let starts = [0] + (0..<16).filter { $0 != 8 }.map { 1 + 3 * $0 }
    #expect(zip(chart.entries, starts).allSatisfy { abs($0.start.seconds.rawValue - beats[$1]) < 0.05 })
  }

  // MARK: Other scores

  /// Transposed music has the transposed chart.
  @Test(arguments: [-5, -3, -2, 2, 5, 6]) func transposition(semitones: Int) {
    for (blocks, beats) in [(Self.inFour, 4), (Self.inThree, 3)] {
      let charts = [0, semitones].map {
        ChordChart(Self.score(Self.notes(blocks, movedBy: $0), [(.zero, beats, 4)]))
      }
      #expect(charts[1] == charts[0].changed(semitones: semitones) { $0 } && !charts[0].entries.isEmpty)
    }
  }

  @Test func drumsAreIgnored() {
    let drums = (0..<20).map { Music.note(36, at: Double($0), beats: 0.5, channel: 9) }
    let plain = Self.notes(Self.inFour)
    #expect(ChordChart(Self.score(plain + drums)) == ChordChart(Self.score(plain)))
    #expect(ChordChart(Self.score(drums)).entries.isEmpty)
  }

  @Test(arguments: [OddScore.empty, .oneNote, .oneChord, .twoNotes, .drumsOnly])
  func tooFewNotesHaveNoChords(_ odd: OddScore) {
    #expect(ChordChart(odd.score).entries.isEmpty)
  }

  /// Whatever the music, its chart is in order, does not begin before it, and can be stored.
  private func check(_ score: Score, sourceLocation: SourceLocation = #_sourceLocation) {
    let chart = ChordChart(score)
    let entries = chart.entries
    let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.end <= $1.start }
    #expect(isInOrder && entries.allSatisfy { $0.start < $0.end }, sourceLocation: sourceLocation)
    let isInBars = entries.allSatisfy { (0..<2 * $0.beatsPerBar).contains($0.place) && $0.halfBeats > 0 }
    #expect(isInBars, sourceLocation: sourceLocation)
    #expect(entries.first?.start ?? .zero >= .zero, sourceLocation: sourceLocation)
    #expect(ChordChart(numbers: chart.numbers) == chart, sourceLocation: sourceLocation)
  }

  @Test(arguments: OddScore.allCases) func oddScoresHaveValidCharts(_ odd: OddScore) { check(odd.score) }

  @Test(arguments: 0..<80 as Range<UInt64>) func anyScoreHasAValidChart(seed: UInt64) {
    check(ScoreGenerator.score(seed: seed))
    check(RandomWalk(seed).score)
  }

  /// A short upbeat at the very start, so that the first beat and half beat of the grid are before the music.
  @Test(arguments: [0.3, 0.6, 0.8]) func aChartDoesNotBeginBeforeTheMusic(upbeat: Double) {
    var (notes, beat) = ([Music.note(67, at: 0, beats: 0.9 * upbeat)], upbeat)
    for index in 0..<24 {
      let chord = [Self.c, Self.f, Self.g7, Self.aMinor][index / 2 % 4]
      notes += chord.map { Music.note($0, at: beat, beats: 0.9) } + [Music.note(84, at: beat + 0.5, beats: 0.4)]
      beat += 1
    }
    check(Music.score(notes))
  }
}
