import Foundation
import MusicCore
import MusicFeatures
import Testing

@Suite struct ChartPlanesTests {
  private func planes(_ chart: ChordChart?, at time: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: ChartPlanes.count) { values, count in
      // Every value must be overwritten.
      values.initialize(repeating: .nan)
      count = ChartPlanes.count
      if let base = values.baseAddress { ChartPlanes.write(chart, at: TokenTime(rawValue: time), to: base) }
    }
  }

  /// The places of the values that are not 0, each of which must be 1 unless another value is given.
  private func expect(
    _ chart: ChordChart?, at time: Int, ones: [Int], _ others: [Int: Float] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = planes(chart, at: time)
    var expected = [Float](repeating: 0, count: 113)
    for place in ones { expected[place] = 1 }
    for (place, value) in others { expected[place] = value }
    let wrong = found.indices.filter { !(abs(found[$0] - expected[$0]) < 1e-5) }
    #expect(wrong.isEmpty, "\(wrong.map { "\($0): \(found[$0])" })", sourceLocation: sourceLocation)
  }

  private func entry(_ start: Int, _ end: Int, _ symbol: String, in key: String) throws -> ChordChart.Entry {
    ChordChart.Entry(
      start: TokenTime(rawValue: start), end: TokenTime(rawValue: end), chord: try #require(Chord(symbol: symbol)),
      key: try #require(Key(key)), place: 0, halfBeats: 4, beatsPerBar: 4)
  }

  /// Three chords; silence follows the second.
  private func chart() throws -> ChordChart {
    try ChordChart([
      entry(100, 164, "Am7/C", in: "A minor"), entry(164, 228, "E7", in: "A minor"),
      entry(356, 420, "F#dim/A", in: "G major"),
    ])
  }

  // The tones, root and bass of the chords, as current and as next chord.
  private static let first = [0, 4, 7, 9, 12 + 9, 24 + 0]
  private static let second = [2, 4, 8, 11, 12 + 4, 24 + 4]
  private static let third = [0, 6, 9, 12 + 6, 24 + 9]
  private static func next(_ places: [Int]) -> [Int] { places.map { 36 + $0 } }
  private static let (aMinor, gMajor) = (88 + 12 + 9, 88 + 7)

  @Test func withoutAChartAllAreZero() throws {
    #expect(ChartPlanes.count == 113)
    for time in [0, 100, 9999] { expect(nil, at: time, ones: []) }
    for time in [0, 100, 9999] { expect(ChordChart([]), at: time, ones: [112]) }
  }

  /// Half a second after the start and before the end of the first chord.
  @Test func theCurrentAndTheNextChord() throws {
    try expect(chart(), at: 132, ones: Self.first + Self.next(Self.second) + [72 + 3, 80 + 3, Self.aMinor, 112])
    // When a chord begins, it is the current one at once.
    try expect(
      chart(), at: 164, ones: Self.second + Self.next(Self.third) + [72, Self.aMinor, 112],
      [
        // 3 s is between 2 s and 4 s.
        80 + 5: 2 - log2(3), 80 + 6: log2(3) - 1,
      ])
    try expect(
      chart(), at: 163, ones: Self.first + Self.next(Self.second) + [80, Self.aMinor, 112],
      [
        // 63 ticks is a little less than 1 s.
        72 + 3: log2(64.0 / 63), 72 + 4: 1 - log2(64.0 / 63),
      ])
  }

  @Test func beforeTheFirstChord() throws {
    try expect(chart(), at: 36, ones: Self.next(Self.first) + [80 + 4, 112])
    try expect(chart(), at: 0, ones: Self.next(Self.first) + [112], [80 + 4: 5 - log2(25), 80 + 5: log2(25) - 4])
  }

  @Test func inSilenceOnlyTheNextChordIsKnown() throws {
    try expect(chart(), at: 228, ones: Self.next(Self.third) + [80 + 5, 112])
    try expect(chart(), at: 355, ones: Self.next(Self.third) + [80, 112])
  }

  @Test func afterTheLastChordNothingIsKnown() throws {
    try expect(
      chart(), at: 356 + 63, ones: Self.third + [Self.gMajor, 112],
      [
        72 + 3: log2(64.0 / 63), 72 + 4: 1 - log2(64.0 / 63),
      ])
    try expect(chart(), at: 420, ones: [112])
    try expect(chart(), at: 100_000, ones: [112])
  }

  /// Times in ticks of 1/64 s, and where the two values are: below 1/16 s as that, above 8 s as 8 s.
  @Test(
    arguments: [
      (0, [0: 1]), (1, [0: 1]), (4, [0: 1]), (5, [0: 0.678_07, 1: 0.321_93]), (8, [1: 1]),
      (12, [1: 0.415_04, 2: 0.584_96]),
      (64, [4: 1]), (96, [4: 0.415_04, 5: 0.584_96]), (511, [6: 0.002_82, 7: 0.997_18]), (512, [7: 1]), (513, [7: 1]),
      (100_000, [7: 1]),
    ] as [(Int, [Int: Float])])
  func timesAreBetweenTwoLengths(ticks: Int, values: [Int: Float]) throws {
    var expected = [Float](repeating: 0, count: 8)
    for (place, value) in values { expected[place] = value }
    let long = try ChordChart([entry(50, 50 + 200_000, "C", in: "C major")])
    let since = Array(planes(long, at: 50 + ticks)[72..<80])
    #expect(zip(since, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(since)")
    guard ticks > 0 else { return }
    let far = try ChordChart([entry(7 + ticks, 7 + ticks + 1, "C", in: "C major")])
    let until = Array(planes(far, at: 7)[80..<88])
    #expect(zip(until, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(until)")
  }

  /// The pitch classes of the groups of twelve move, nothing else.
  @Test(arguments: -5...6) func transpositionRotatesPitchClasses(semitones: Int) throws {
    let plain = try chart()
    let moved = plain.changed(semitones: semitones) { $0 }
    for time in [0, 100, 132, 163, 164, 200, 228, 300, 356, 400, 420] {
      let (before, after) = (planes(plain, at: time), planes(moved, at: time))
      for group in [0, 12, 24, 36, 48, 60, 88, 100] {
        for pitchClass in 0..<12 {
          #expect(after[group + (pitchClass + semitones + 12) % 12] == before[group + pitchClass])
        }
      }
      #expect(after[72..<88] == before[72..<88] && after[112] == before[112])
    }
  }

  /// Only the distance from the chords counts.
  @Test(arguments: [-90, 12_345]) func shiftedMusicHasTheSamePlanes(ticks: Int) throws {
    let plain = try chart()
    let shifted = plain.changed(semitones: 0) { $0 + TokenTime(rawValue: ticks) }
    for time in stride(from: 0, to: 500, by: 7) {
      #expect(planes(shifted, at: time + ticks) == planes(plain, at: time))
    }
  }

  /// Each part of a window has the chart of the whole, and the time to read it by.
  @Test(arguments: [1, 2, 5, 100]) func partsOfAWindowReadTheSameChart(length: Int) throws {
    let tokens: [UInt16] = [
      768, 60, 255 + 110, 188, 64, 255 + 40, 192, 255 + 80, 67, 255 + 130, 195, 72, 255 + 300, 200,
    ]
    var start = KeyboardState()
    start.apply(255 + 20)
    func planes(_ window: TokenWindow) -> [[Float]] {
      var state = window.start
      return window.tokens.map { token in
        defer { state.apply(token) }
        return self.planes(window.chart, at: state.time.rawValue)
      }
    }
    let whole = TokenWindow(tokens: tokens, start: start, chart: try chart())
    #expect(whole.split(every: length).flatMap(planes) == planes(whole))
    #expect(Set(planes(whole)).count > 4)
  }
}
