import MusicCore
import Testing

@Suite struct ChordProgressionTests {
  @Test(
    arguments: [
      ("C Am F G7/B", [["C"], ["Am"], ["F"], ["G7/B"]]),
      ("| C Am | F G7/B |", [["C", "Am"], ["F", "G7/B"]]),
      ("C Am|F", [["C", "Am"], ["F"]]),
      ("|| C || F ||", [["C"], ["F"]]),
      ("  C\t Am\n", [["C"], ["Am"]]),
      ("| C | % | F G | % |", [["C"], ["C"], ["F", "G"], ["F", "G"]]),
      ("C % % F", [["C"], ["C"], ["C"], ["F"]]),
    ] as [(String, [[String]])])
  func textIsDividedIntoBars(text: String, bars: [[String]]) throws {
    let expected = try bars.map { try $0.map { try #require(Chord(symbol: $0)) } }
    #expect(try ChordProgression(text).bars == expected)
  }

  @Test(
    arguments: [
      ("", .empty), (" \n", .empty), ("| |", .empty), ("C H7 X", .unknownSymbol("H7")), ("C, Am", .unknownSymbol("C,")),
      ("%", .unknownSymbol("%")), ("| % | C |", .unknownSymbol("%")), ("| C % |", .unknownSymbol("%")),
      ("| C | F/B |", .unknownSymbol("F/B")),
    ] as [(String, ChordProgressionError)])
  func otherTextIsAnError(text: String, error: ChordProgressionError) {
    #expect(throws: error) { try ChordProgression(text) }
    if case .unknownSymbol(let symbol) = error { #expect(error.description.contains("\"\(symbol)\"")) }
  }

  /// In the last one but one, the chords of F major are more, but share a bar.
  @Test(arguments: [
    ("C Am F G", "C major"), ("Am F C G", "A minor"), ("G D Em C", "G major"), ("Em C G D", "E minor"),
    ("D A Bm F#m G D G A", "D major"), ("Bb Gm Eb F7", "Bb major"), ("F C Dm Bb", "F major"), ("C D G", "G major"),
    ("Dm7 G7 Cmaj7", "C major"), ("| Em7 A7 | Dmaj7 |", "D major"), ("E A B7 E", "E major"),
    ("Am Dm E7 Am", "A minor"), ("Gm Cm D7 Gm", "G minor"), ("Am G F E", "A minor"), ("Dm7b5 G7 Cm", "C minor"),
    ("| Cm Ab | Eb Bb | Fm G7 | Cm |", "C minor"), ("Am7 D7 Gmaj7 Cmaj7 F#m7b5 B7 Em", "E minor"),
    ("C Bb F C", "C major"), ("C", "C major"), ("F#m", "F# minor"),
    ("| F C F C F C F C | D | G | A | D |", "D major"), ("A7 D7 E7", "A major"),
  ]) func theKeyIsFound(text: String, key: String) throws {
    #expect(try ChordProgression(text).key.description == key)
  }

  // MARK: Charts

  /// The start, end, symbol, place and length of each chord.
  private func lines(_ chart: ChordChart) -> [String] {
    chart.entries.map { entry in
      "\(entry.start.rawValue)–\(entry.end.rawValue) \(entry.chord.symbol(in: entry.key)) \(entry.place)+\(entry.halfBeats)"
    }
  }

  /// Every time is rounded by itself, so that errors do not add up: four half beats are 76.8 ticks.
  @Test func timesFollowTheTempo() throws {
    let chart = try ChordProgression("| C Am | F G7/B |").chart(ofLength: 320, secondsPerBeat: 0.6)
    #expect(
      lines(chart) == [
        "0–77 C 0+4", "77–154 Am 4+4", "154–230 F 0+4", "230–307 G7/B 4+4", "307–384 C 0+4", "384–461 Am 4+4",
      ])
    #expect(chart.entries.allSatisfy { $0.beatsPerBar == 4 && $0.key.description == "C major" })
    #expect(chart.isBeginning && !chart.isEnding, "it could go on")
  }

  @Test func barsOfThreeBeats() throws {
    let chart = try ChordProgression("C | F G7").chart(ofLength: 385, beatsPerBar: 3, secondsPerBeat: 1)
    #expect(lines(chart) == ["0–192 C 0+6", "192–288 F 0+3", "288–384 G7 3+3", "384–576 C 0+6"])
    #expect(chart.entries.allSatisfy { $0.beatsPerBar == 3 })
  }

  /// A bar of four beats is 128 ticks.
  @Test(arguments: [(0, 0), (1, 1), (128, 1), (129, 2), (256, 2), (257, 3), (12_800, 100)])
  func barsRepeatUpToTheLength(ticks: Int, bars: Int) throws {
    let chart = try ChordProgression("C Am").chart(ofLength: TokenTime(rawValue: ticks))
    #expect(chart.entries.map(\.chord.root.rawValue) == (0..<bars).map { $0.isMultiple(of: 2) ? 0 : 9 })
    #expect(chart.entries.map(\.start.rawValue) == (0..<bars).map { 128 * $0 })
    #expect(chart.entries.map(\.end.rawValue) == (0..<bars).map { 128 * $0 + 128 })
  }

  /// However many chords share a bar, they fill it, and none is more than half a beat longer than another.
  @Test(arguments: [2, 3, 4, 6], 1...8) func chordsFillTheirBar(beats: Int, count: Int) throws {
    let progression = try ChordProgression("|" + String(repeating: " C", count: count))
    guard count <= 2 * beats else {
      #expect(throws: ChordProgressionError.tooManyChords(count)) {
        try progression.chart(ofLength: 640, beatsPerBar: beats)
      }
      return
    }
    let entries = try progression.chart(ofLength: 640, beatsPerBar: beats).entries
    for bar in stride(from: 0, to: entries.count, by: count) {
      let chords = entries[bar..<bar + count]
      #expect(chords.first?.place == 0 && chords.reduce(0) { $0 + $1.halfBeats } == 2 * beats)
      let lengths = chords.map(\.halfBeats)
      #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1 && (lengths.min() ?? 0) > 0)
    }
    for (entry, next) in zip(entries, entries.dropFirst()) {
      #expect(entry.end == next.start && (entry.place + entry.halfBeats) % (2 * beats) == next.place)
    }
  }

  @Test func aGivenKeyIsThatOfEveryChord() throws {
    let key = try #require(Key("F minor"))
    let chart = try ChordProgression("C G").chart(ofLength: 256, key: key)
    #expect(chart.entries.map(\.key) == [key, key])
  }
}
