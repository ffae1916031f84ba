import MusicCore
import TestSupport
import Testing

@Suite struct ChordChartTests {
  /// An entry of four half beats in a bar of four.
  private func entry(
    _ start: Int, _ end: Int, _ symbol: String, in key: String = "C major", place: Int = 0, halfBeats: Int = 4
  ) throws -> ChordChart.Entry {
    ChordChart.Entry(
      start: TokenTime(rawValue: start), end: TokenTime(rawValue: end), chord: try #require(Chord(symbol: symbol)),
      key: try #require(Key(key)), place: place, halfBeats: halfBeats, beatsPerBar: 4)
  }

  /// Three chords, of which the second is followed by silence.
  private func chart() throws -> ChordChart {
    try ChordChart([
      entry(10, 74, "C"), entry(74, 138, "G7/B", place: 4, halfBeats: 8), entry(202, 266, "B7", in: "E minor"),
    ])
  }

  /// Chords of a second each.
  private func chords(_ count: Int) throws -> ChordChart {
    try ChordChart((0..<count).map { try entry(64 * $0, 64 * $0 + 64, ["C", "F", "G7"][$0 % 3]) })
  }

  @Test(
    arguments: [(0, nil), (9, nil), (10, 0), (73, 0), (74, 1), (137, 1), (170, 1), (201, 1), (202, 2), (9999, 2)]
      as [(Int, Int?)])
  func theIndexIsOfTheLastChordThatHasBegun(time: Int, index: Int?) throws {
    #expect(try chart().index(at: TokenTime(rawValue: time)) == index)
    #expect(ChordChart([]).index(at: TokenTime(rawValue: time)) == nil)
  }

  // MARK: Parts

  /// A chord that begins when the span ends begins after it.
  @Test(
    arguments: [
      (130, 200, 2, 1, 1...4), (128, 192, 0, 0, 2...2), (128, 192, 1, 1, 1...3), (129, 192, 1, 0, 2...2),
      (128, 193, 0, 0, 2...3), (0, 64, 3, 2, 0...2), (400, 640, 1, 5, 6...9), (0, 9999, 0, 0, 0...9),
      (9999, 10_000, 2, 2, 8...9), (129, 192, 99, 99, 0...9),
    ] as [(Int, Int, Int, Int, ClosedRange<Int>)])
  func aroundASpan(start: Int, end: Int, before: Int, after: Int, kept: ClosedRange<Int>) throws {
    let whole = try chords(10)
    let span = TokenTime(rawValue: start)..<TokenTime(rawValue: end)
    let part = whole.around(span, before: before, after: after)
    #expect(part.entries == Array(whole.entries[kept]))
    #expect(part.isBeginning == (kept.lowerBound == 0) && part.isEnding == (kept.upperBound == 9))
    let middle = ChordChart(whole.entries, isBeginning: false, isEnding: false)
    let other = middle.around(span, before: before, after: after)
    #expect(!other.isBeginning && !other.isEnding, "a part of a part does not begin the piece")
  }

  @Test func aPartMayBeEmpty() throws {
    let part = try chords(3).around(65..<66, before: 0, after: 0)
    #expect(part.entries.isEmpty && part.secondsPerBeat == nil)
  }

  @Test func aChartFollowsTheStartOfAnother() throws {
    let earlier = ChordChart(try chords(5).entries, isBeginning: false)
    let later = ChordChart([try entry(128, 300, "Am"), try entry(300, 400, "D")], isEnding: false)
    let joined = later.after(earlier)
    #expect(joined.entries == earlier.entries[..<2] + later.entries)
    #expect(!joined.isBeginning && !joined.isEnding)
    #expect(later.after(nil) == later && later.after(ChordChart([])).entries == later.entries)
  }

  // MARK: Changes

  @Test func changesMoveTimesChordsAndKeys() throws {
    let plain = ChordChart(try chart().entries, isBeginning: false)
    let changed = plain.changed(semitones: 2) { TokenTime(rawValue: 2 * $0.rawValue + 5) }
    let expected = try [
      entry(25, 153, "D", in: "D major"), entry(153, 281, "A7/C#", in: "D major", place: 4, halfBeats: 8),
      entry(409, 537, "C#7", in: "F# minor"),
    ]
    #expect(changed == ChordChart(expected, isBeginning: false))
    let lower = plain.changed(semitones: -1) { $0 }.entries.map(\.key.description)
    #expect(lower == ["B major", "B major", "Eb minor"])
    #expect(plain.changed(semitones: 12) { $0 } == plain)
    #expect(plain.changed(semitones: 7) { $0 }.changed(semitones: -7) { $0 } == plain)
  }

  @Test func theTempoIsTheMeanOverTheChart() throws {
    #expect(try chords(4).secondsPerBeat == 0.5)
    #expect(ChordChart([]).secondsPerBeat == nil)
    // 4 + 8 + 4 half beats, silence included, in 256 ticks.
    #expect(try chart().secondsPerBeat == 0.5)
    let slower = try chart().changed(semitones: 0) { TokenTime(rawValue: 3 * $0.rawValue) }
    #expect(slower.secondsPerBeat == 1.5)
  }

  // MARK: Numbers

  /// The format of dataset files.
  @Test func numbersAreAsDocumented() throws {
    // Gap, length, 4 · ((key · 12 + root) · 14 + quality) + inversion, half beats, 1024 · beats + place.
    let chart = try ChordChart([
      entry(10, 74, "Am/C", place: 2, halfBeats: 3), entry(100, 101, "B7", in: "E minor", halfBeats: 1),
    ])
    #expect(chart.numbers == [10, 64, 509, 3, 4098, 26, 1, 4 * ((16 * 12 + 11) * 14 + 6), 1, 4096])
    #expect(ChordChart([]).numbers == [])
  }

  /// Every chord in every key, some followed by silence.
  @Test func numbersReadBack() {
    var generator = SeededGenerator(seed: 1)
    var entries: [ChordChart.Entry] = []
    var time = 7
    for key in (0..<Key.count).map(Key.init(index:)) {
      for root in (0..<12).map(PitchClass.init(semitones:)) {
        for quality in ChordQuality.allCases {
          for inversion in quality.intervals.indices {
            let (length, beats) = (
              Int.random(in: 1...900, using: &generator), Int.random(in: 1...12, using: &generator)
            )
            entries.append(
              ChordChart.Entry(
                start: TokenTime(rawValue: time), end: TokenTime(rawValue: time + length),
                chord: Chord(root: root, quality: quality, inversion: inversion), key: key,
                place: .random(in: 0..<2 * beats, using: &generator), halfBeats: .random(in: 1...99, using: &generator),
                beatsPerBar: beats))
            time += length + (generator.oneIn(3) ? Int.random(in: 1...500, using: &generator) : 0)
          }
        }
      }
    }
    let chart = ChordChart(entries)
    #expect(ChordChart(numbers: chart.numbers) == chart)
    #expect(ChordChart(numbers: []) == ChordChart([]))
  }

  /// Each number of an entry, in turn, replaced by one that no chart has.
  @Test(arguments: [
    (0, -1), (1, 0), (1, -64), (2, -1), (2, 24 * 12 * 14 * 4), (3, 0), (3, -3), (4, 1023), (4, -4098), (4, 1 << 20),
  ]) func damagedNumbersAreRefused(place: Int, value: Int) throws {
    let whole = try chart().numbers
    for (place, value) in [(place, value), (place, .max), (place, .min)] {
      for entry in 0..<3 {
        var numbers = whole
        numbers[5 * entry + place] = value
        #expect(ChordChart(numbers: numbers) == nil, "\(value) as number \(place) of entry \(entry)")
      }
    }
  }

  @Test func partsOfEntriesAreRefused() throws {
    let whole = try chart().numbers
    #expect(whole.count == 15)
    for count in 1..<15 {
      #expect((ChordChart(numbers: Array(whole.prefix(count))) == nil) == !count.isMultiple(of: 5))
    }
  }

  /// What is read from any numbers is a chart, all of whose properties can be used and which can be stored again.
  @Test(arguments: 0..<40 as Range<UInt64>) func anyNumbersAreAChartOrNone(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let valid = [0...1 << 20, 1...1 << 20, 0...24 * 12 * 14 * 4 - 1, 1...1 << 24, 64...4095]
    var numbers = (0..<1000).map { Int.random(in: valid[$0 % 5], using: &generator) }
    if seed.isMultiple(of: 2) {
      let place = Int.random(in: numbers.indices, using: &generator)
      numbers[place] = Int.random(in: -9...9000, using: &generator)
    }
    guard let chart = ChordChart(numbers: numbers) else { return }
    #expect(chart.entries.allSatisfy { $0.start < $0.end && $0.chord.tones.contains($0.chord.bass) })
    #expect(zip(chart.entries, chart.entries.dropFirst()).allSatisfy { $0.end <= $1.start })
    #expect(ChordChart(numbers: chart.numbers) == chart && chart.secondsPerBeat ?? 0 > 0)
  }
}
