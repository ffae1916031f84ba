import MusicCore
import MusicFeatures
import TestSupport
import Testing

@Suite struct ChartTokensTests {
  private func entry(
    _ start: Int, _ end: Int, _ symbol: String, in key: String, place: Int, halfBeats: Int
  ) throws -> ChordChart.Entry {
    ChordChart.Entry(
      start: TokenTime(rawValue: start), end: TokenTime(rawValue: end), chord: try #require(Chord(symbol: symbol)),
      key: try #require(Key(key)), place: place, halfBeats: halfBeats, beatsPerBar: 4)
  }

  /// An upbeat and three chords, with a change to the relative key; beats of half a second.
  private func chart() throws -> ChordChart {
    try ChordChart([
      entry(0, 32, "D7/F#", in: "G major", place: 6, halfBeats: 2),
      entry(32, 160, "G", in: "G major", place: 0, halfBeats: 8),
      entry(160, 224, "B7", in: "E minor", place: 0, halfBeats: 4),
      entry(224, 288, "Em", in: "E minor", place: 4, halfBeats: 4),
    ])
  }

  /// A chart of random chords in random keys.
  private func randomChart(_ seed: UInt64) -> ChordChart {
    var generator = SeededGenerator(seed: seed)
    let beats = Int.random(in: 1...8, using: &generator)
    var (time, place) = (Int.random(in: 0...99, using: &generator), Int.random(in: 0..<2 * beats, using: &generator))
    var key = Key(index: Int.random(in: 0..<Key.count, using: &generator))
    let entries = (0..<40).map { _ in
      if generator.oneIn(4) { key = Key(index: Int.random(in: 0..<Key.count, using: &generator)) }
      let quality = ChordQuality.allCases.randomElement(using: &generator) ?? .maj
      let halfBeats = Int.random(in: 1...32, using: &generator)
      defer { (time, place) = (time + 16 * halfBeats, (place + halfBeats) % (2 * beats)) }
      return ChordChart.Entry(
        start: TokenTime(rawValue: time), end: TokenTime(rawValue: time + 16 * halfBeats),
        chord: Chord(
          root: PitchClass(semitones: .random(in: 0..<12, using: &generator)), quality: quality,
          inversion: .random(in: 0..<quality.intervals.count, using: &generator)),
        key: key, place: place, halfBeats: halfBeats, beatsPerBar: beats)
    }
    return ChordChart(entries, isBeginning: generator.oneIn(2), isEnding: generator.oneIn(2))
  }

  // MARK: Ids

  /// Each id is of one kind, and they follow one another.
  @Test func kindsShareTheIds() {
    #expect(ChartTokens.count == 2 + 8 + 24 + 2 + 16 + 24 + 12 * 14 + 4 + 32 + 1 && ChartTokens.placeCount == 17)
    #expect(ChartTokens.Kind.allCases.flatMap(\.ids) == Array(0..<ChartTokens.count))
    for kind in ChartTokens.Kind.allCases {
      #expect(kind.ids.count == kind.count)
      for (value, id) in kind.ids.enumerated() {
        #expect(ChartTokens.id(kind, value) == id)
        #expect(ChartTokens.meaning(of: id).kind == kind && ChartTokens.meaning(of: id).value == value)
      }
      #expect(
        [kind.count, 1000].map { ChartTokens.id(kind, $0) } == [kind.ids.upperBound - 1, kind.ids.upperBound - 1])
      #expect(ChartTokens.id(kind, -1) == kind.ids.lowerBound)
    }
  }

  @Test(arguments: [(0, 1), (5, 6), (15, 16), (16, 16), (99, 16), (-1, 1)])
  func placesBeginAtOne(halfBeat: Int, place: Int) { #expect(ChartTokens.place(halfBeat) == place) }

  @Test(arguments: [(0.2, 0), (0.4, 8), (0.5, 11), (0.8, 16), (1.4, 22), (1.5, 23), (0.1, 0), (9, 23), (0, 0), (-1, 0)])
  func tempoValues(seconds: Double, value: Int) {
    #expect(ChartTokens.tempo(ofSecondsPerBeat: seconds) == value)
  }

  /// An octave has eight values, so that none is more than 1/16 of an octave away.
  @Test func tempoValuesAreEvenlySpaced() {
    for value in 0..<24 {
      let seconds = ChartTokens.secondsPerBeat(ofTempo: value)
      #expect(ChartTokens.tempo(ofSecondsPerBeat: seconds) == value)
      #expect(ChartTokens.tempo(ofSecondsPerBeat: 1.04 * seconds) == value)
      #expect(ChartTokens.tempo(ofSecondsPerBeat: 1.05 * seconds) == min(23, value + 1))
    }
    #expect(abs(ChartTokens.secondsPerBeat(ofTempo: 8) - 0.4) < 1e-12)
  }

  // MARK: Sequences

  /// Kinds begin at 0 (start), 2 (meter), 10 (tempo), 34 (mode), 36 (place), 52 (key), 76 (chord), 244 (inversion), 248
  /// (length) and 280 (end); qualities are in the order of their declaration, so that a dominant seventh is number 6.
  @Test func theTokensOfAChart() throws {
    let expected: [(id: Int, place: Int)] = [
      (0, 0), (2 + 3, 0), (10 + 11, 0), (34, 0), (36 + 6, 7),
      (76 + 7 * 14 + 6, 7), (244 + 1, 7), (248 + 1, 1),
      (76, 1), (244, 1), (248 + 7, 1),
      // E minor is nine semitones above G major.
      (52 + 2 * 9 + 1, 1), (76 + 7 * 14 + 6, 1), (244, 1), (248 + 3, 5),
      (76 + 1, 5), (244, 5), (248 + 3, 0),
      (280, 0),
    ]
    #expect(
      try ChartTokens.elements(of: chart()) == expected.map { ChartTokens.Element(id: $0.id, nextPlace: $0.place) })
  }

  @Test func theOpeningSaysWhereTheSequenceBegins() throws {
    var part = ChordChart(Array(try chart().entries[2...]), isBeginning: false, isEnding: false)
    for index in part.entries.indices { part.entries[index].beatsPerBar = 3 }
    let ids = ChartTokens.elements(of: part).map(\.id)
    // Elsewhere, three beats, 0.5 s, minor, the first beat; B7 and Em.
    #expect(ids == [1, 4, 21, 35, 36, 180, 244, 251, 77, 244, 251])
    #expect(!ids.contains { ChartTokens.Kind.key.ids.contains($0) }, "the first key is no change")
  }

  @Test func onlyTheLastChordOfAPieceIsFollowedByTheEnd() throws {
    let whole = try chart()
    let open = ChordChart(whole.entries, isEnding: false)
    #expect(ChartTokens.elements(of: open) == ChartTokens.elements(of: whole).dropLast())
    #expect(ChartTokens.elements(of: ChordChart([])).isEmpty)
  }

  @Test(arguments: 0..<10 as Range<UInt64>) func transpositionChangesNoToken(seed: UInt64) {
    let chart = randomChart(seed)
    let elements = ChartTokens.elements(of: chart)
    for semitones in -11...11 {
      #expect(ChartTokens.elements(of: chart.changed(semitones: semitones) { $0 }) == elements)
    }
  }

  /// From its tokens and the tonic of its first key a chart can be written out again.
  @Test(arguments: 0..<40 as Range<UInt64>) func tokensSpellOutTheChart(seed: UInt64) throws {
    let chart = randomChart(seed)
    let first = try #require(chart.entries.first)
    var key = first.key
    var spelled: [ChordChart.Entry] = []
    var (kinds, places): ([ChartTokens.Kind], [Int]) = ([], [])
    var entry = first
    let elements = ChartTokens.elements(of: chart)
    #expect(elements.allSatisfy { (0..<ChartTokens.placeCount).contains($0.nextPlace) })
    for (index, element) in elements.enumerated() {
      let kind = try #require(ChartTokens.Kind.allCases.first { $0.ids.contains(element.id) })
      let value = element.id - kind.ids.lowerBound
      kinds.append(kind)
      switch kind {
      case .start: #expect((value == 0) == chart.isBeginning)
      case .meter: #expect(value + 1 == first.beatsPerBar)
      case .tempo: #expect(value == 11)
      case .mode: #expect((value == 1) == first.key.isMinor)
      case .place: #expect(value == first.place)
      case .key: key = Key(tonic: key.tonic.transposed(by: value / 2), isMinor: value % 2 == 1)
      case .chord:
        places.append(elements[index - 1].nextPlace - 1)
        entry.chord = Chord(root: key.tonic.transposed(by: value / 14), quality: ChordQuality.allCases[value % 14])
      case .inversion: entry.chord.inversion = value
      case .length:
        (entry.key, entry.halfBeats) = (key, value + 1)
        spelled.append(entry)
      case .end: #expect(chart.isEnding && index == elements.count - 1)
      }
    }
    #expect(kinds.prefix(5) == [.start, .meter, .tempo, .mode, .place])
    #expect(kinds.contains(.end) == chart.isEnding)
    #expect(spelled.map(\.chord) == chart.entries.map(\.chord) && spelled.map(\.key) == chart.entries.map(\.key))
    #expect(spelled.map(\.halfBeats) == chart.entries.map(\.halfBeats) && places == chart.entries.map(\.place))
    let changes = zip(chart.entries, chart.entries.dropFirst()).count { $0.key != $1.key }
    #expect(kinds.count { $0 == .key } == changes && elements.count == 5 + 3 * 40 + changes + (chart.isEnding ? 1 : 0))
  }
}
