import Datasets
import Foundation
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

/// Random arpeggiated chords, and their chart. Each begins with its bass, the tones follow every 16 ticks of 1/64 s, and the
/// key is a fourth above the root.
private struct ArpeggiatedChords {
  let score: Score
  let chart: ChordChart

  init(_ seed: UInt64, chords count: Int = 90) {
    var generator = SeededGenerator(seed: seed)
    var (notes, entries): ([Note], [ChordChart.Entry]) = ([], [])
    var tick = Int.random(in: 0...40, using: &generator)
    for index in 0..<count {
      let quality = [ChordQuality.maj, .min, .dominant7, .min7].randomElement(using: &generator) ?? .maj
      let root = PitchClass(semitones: .random(in: 0..<12, using: &generator))
      let chord = Chord(root: root, quality: quality, inversion: .random(in: 0..<3, using: &generator))
      let length = Int.random(in: 64...100, using: &generator)
      for (place, tone) in ([chord.bass] + chord.tones.filter { $0 != chord.bass }).enumerated() {
        // At 120 quarters a minute and 480 ticks each, 15 ticks are 1/64 s.
        let onset = Tick(rawValue: Int64(15 * (tick + 16 * place)))
        notes.append(
          Note(
            onset: onset, end: onset + 180, pitch: Pitch(masking: UInt8(48 + tone.rawValue)),
            velocity: Velocity(masking: 70)))
      }
      entries.append(
        ChordChart.Entry(
          start: TokenTime(rawValue: tick), end: TokenTime(rawValue: tick + length), chord: chord,
          key: Key(tonic: root.transposed(by: 5), isMinor: false), place: index % 2 * 4, halfBeats: 4, beatsPerBar: 4))
      tick += length
    }
    score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: notes)])
    chart = ChordChart(entries)
  }
}

/// Windows of pieces whose chords are known.
@Suite struct WindowChartTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset
  /// The charts of the pieces by path; the last two pieces have none.
  private let charts: [String: ChordChart]

  init() throws {
    folder = try TemporaryFolder()
    let pieces = (1...12).map { ArpeggiatedChords($0) }
    // The build is interrupted and resumed.
    do {
      let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
      try Self.append(pieces[..<5], to: writer)
    }
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
    #expect(writer.records.count == 5)
    try Self.append(pieces[...], to: writer)
    try writer.finish()
    dataset = try Dataset(path: folder.path("data"))
    charts = Dictionary(uniqueKeysWithValues: pieces.prefix(10).enumerated().map { ("piece \($0)", $1.chart) })
  }

  private static func append(_ pieces: ArraySlice<ArpeggiatedChords>, to writer: DatasetWriter) throws {
    for (number, piece) in pieces.enumerated().dropFirst(writer.records.count) {
      let tokens = try TokenEncoder().encode(piece.score).map(\.rawValue)
      var record = TestDataset.record(number, tokens)
      if number < 10, let plain = record.piece {
        record.piece = Piece(
          split: plain.split, path: plain.path, group: plain.group, notes: plain.notes, seconds: plain.seconds,
          chart: piece.chart)
      }
      try writer.append(tokens, as: record)
    }
  }

  private func epoch(
    _ augmentation: Augmentation = Augmentation(), number: Int = 1, length: Int = 64, chartShare: Double = 1
  ) -> Windows {
    Windows.epoch(
      number, of: dataset, length: length, seed: 4,
      Windows.Treatment(augmentation: augmentation, chartShare: chartShare))
  }

  /// The time after the tokens of a window.
  private func end(of window: TokenWindow) -> TokenTime {
    var state = window.start
    for token in window.tokens { state.apply(token) }
    return state.time
  }

  @Test func piecesKeepTheirCharts() {
    #expect(dataset.pieces.count == 12)
    for piece in dataset.pieces { #expect(piece.chart == charts[piece.path], "\(piece.path)") }
  }

  // MARK: Times

  /// By the clock of each window, each note belongs to the current chord of its chart, and the bass note is struck when the
  /// chord begins and at no other time.
  @Test(
    arguments: [7, 64, 300],
    [
      nil, Augmentation.none, Augmentation(tempo: 0, levels: 0), Augmentation(semitones: 0...0, tempo: 0.3, levels: 0),
      Augmentation(),
    ])
  func chordsAreThoseOfTheNotes(length: Int, augmentation: Augmentation?) throws {
    let windows = augmentation.map { epoch($0, length: length) } ?? Windows.heldOut(of: dataset, length: length)
    var (noteCount, keyed) = (0, 0)
    var wrong: [String] = []
    for (index, window) in windows.enumerated() {
      guard charts[windows.piece(at: index).path] != nil else {
        #expect(window.chart == nil)
        continue
      }
      let chart = try #require(window.chart)
      var state = window.start
      for token in window.tokens {
        if token < 128 {
          noteCount += 1
          let pitchClass = PitchClass(semitones: Int(token))
          let entry = chart.entries[try #require(chart.index(at: state.time))]
          let isBass = pitchClass == entry.chord.bass
          if !entry.chord.tones.contains(pitchClass) || isBass != (state.time == entry.start)
            || state.time >= entry.end
          {
            wrong.append("window \(index), tick \(state.time.rawValue)")
          }
          if entry.key == Key(tonic: entry.chord.root.transposed(by: 5), isMinor: false) { keyed += 1 }
        }
        state.apply(token)
      }
    }
    #expect(wrong.isEmpty && keyed == noteCount && noteCount > 400)
  }

  /// The chart of a transposed window is that of the plain one, with times from the start of the window; also those before
  /// it, which are negative.
  @Test(arguments: [7, 64]) func transpositionMovesNoTimes(length: Int) throws {
    let plain = epoch(.none, length: length)
    let changed = epoch(Augmentation(tempo: 0, levels: 0), length: length)
    #expect(plain.count == changed.count)
    var shifts: Set<Int> = []
    for (index, (before, after)) in zip(plain, changed).enumerated() {
      guard let chart = before.chart else { continue }
      let first = { (window: TokenWindow) in window.tokens.first { $0 < 128 }.map(Int.init) }
      let semitones = try #require(first(after)) - #require(first(before))
      shifts.insert(semitones)
      #expect(after.start.time == .zero)
      // The tokens that a changed window keeps in reserve can let its chart reach further.
      let expected = chart.changed(semitones: semitones) { $0 - before.start.time }.entries
      let found = try #require(after.chart).entries
      #expect(Array(found.prefix(expected.count)) == expected, "window \(index)")
    }
    #expect(shifts.count > 6)
  }

  /// One tempo explains the times of all chords, up to rounding.
  @Test func tempoScalesTheChart() throws {
    let plain = epoch(.none)
    let changed = epoch(Augmentation(semitones: 0...0, levels: 0))
    var tempos: Set<Int> = []
    for (before, after) in zip(plain, changed) {
      guard let chart = before.chart else { continue }
      let found = try #require(after.chart).entries
      let tempo = (900...1100).first { tempo in
        zip(chart.entries, found).allSatisfy { old, new in
          [(old.start, new.start), (old.end, new.end)].allSatisfy { old, new in
            let exact = Double((old - before.start.time).rawValue * 1000) / Double(tempo)
            return abs(exact - Double(new.rawValue)) <= 0.5 + 1e-6
          }
        }
      }
      tempos.insert(try #require(tempo))
    }
    #expect(tempos.count > 20)
  }

  /// A chart reaches from chords before its window to the one that follows it, and says whether it is all of the piece.
  @Test(arguments: [7, 64, 300]) func chartsReachAroundTheirWindows(length: Int) throws {
    let windows = Windows.heldOut(of: dataset, length: length)
    var reach: Set<[Bool]> = []
    for (index, window) in windows.enumerated() {
      guard let whole = charts[windows.piece(at: index).path] else { continue }
      let chart = try #require(window.chart)
      let (first, last) = (try #require(chart.entries.first), try #require(chart.entries.last))
      let place = try #require(whole.entries.firstIndex(of: first))
      #expect(chart.entries == Array(whole.entries[place...].prefix(chart.entries.count)), "a part of the whole")
      #expect(chart.isBeginning == (place == 0) && chart.isEnding == (last == whole.entries.last))
      #expect(first.start <= window.start.time || place == 0)
      #expect(last.start > end(of: window) || chart.isEnding)
      // Windows far into a piece do not have all of it.
      #expect(chart.entries.count <= 64 + length + 8)
      reach.insert([chart.isBeginning, chart.isEnding])
    }
    #expect(reach.isSuperset(of: [[true, false], [false, true]]))
  }

  // MARK: Shares

  /// The share concerns pieces with a chart, and nothing but the charts.
  @Test func theShareOfWindowsWithCharts() {
    let (all, half, none) = (epoch(), epoch(chartShare: 0.5), epoch(chartShare: 0))
    #expect(none.allSatisfy { $0.chart == nil })
    var (known, kept) = (0, 0)
    for index in all.indices {
      let isKnown = charts[all.piece(at: index).path] != nil
      #expect((all[index].chart != nil) == isKnown)
      known += isKnown ? 1 : 0
      kept += half[index].chart == nil ? 0 : 1
      #expect(half[index].chart == nil || half[index].chart == all[index].chart)
      #expect([half[index], none[index]].allSatisfy { $0.tokens == all[index].tokens && $0.start == all[index].start })
    }
    // Within five standard deviations.
    #expect(known > 100 && abs(Double(kept) - Double(known) / 2) < 2.5 * Double(known).squareRoot())
  }

  @Test func theShareIsDrawnByEpochAndWindow() {
    func pattern(_ number: Int) -> [Bool] { epoch(number: number, chartShare: 0.5).map { $0.chart != nil } }
    let first = pattern(0)
    #expect(first == pattern(0) && Array(epoch(chartShare: 0.5)) == Array(epoch(chartShare: 0.5)))
    #expect(zip(first, pattern(1)).count { $0 != $1 } > first.count / 4)
    // A window does not depend on those that were read before it.
    let windows = epoch(number: 0, chartShare: 0.5)
    #expect(windows.indices.reversed().map { windows[$0].chart != nil } == first.reversed())
  }

  /// Held-out windows always have their charts.
  @Test func heldOutWindowsHaveTheirCharts() {
    let windows = Windows.heldOut(of: dataset, length: 64)
    #expect(windows.indices.allSatisfy { (windows[$0].chart != nil) == (charts[windows.piece(at: $0).path] != nil) })
    #expect(windows.contains { $0.chart != nil } && windows.contains { $0.chart == nil })
  }

  // MARK: Files

  /// A dataset without charts, as earlier versions wrote it.
  @Test func piecesWithoutChartsAreRead() throws {
    let data = try TestDataset(seeds: 0..<12)
    let index = try String(contentsOfFile: data.folder.path("data/index.jsonl"), encoding: .utf8)
    #expect(!index.contains("chart"))
    #expect(data.dataset.pieces.allSatisfy { $0.chart == nil })
    let windows = Windows.epoch(0, of: data.dataset, length: 64, seed: 1)
    #expect(!windows.isEmpty && windows.allSatisfy { $0.chart == nil })
  }

  @Test(
    arguments: [
      ("", nil), (#","chart":null"#, nil), (#","chart":[]"#, 0), (#","chart":[10,64,509,3,4098]"#, 1),
      (#","chart":[10,64,509,3]"#, nil), (#","chart":[10,-64,509,3,4098]"#, nil),
    ] as [(String, Int?)]) func theIndexHasChartsAsNumbers(member: String, count: Int?) throws
  {
    let line = """
      {"group":"g","notes":3,"offset":0,"path":"a.mid","seconds":1.5,"sha256":"00","shard":0,"split":"train",\
      "tokens":9\(member)}
      """
    let piece = try JSONDecoder().decode(Piece.self, from: Data(line.utf8))
    #expect(piece.path == "a.mid" && piece.tokens == 9 && piece.chart?.entries.count == count)
    if count == 1 { #expect(piece.chart?.entries.first?.chord == Chord(symbol: "Am/C")) }
    let again = try JSONDecoder().decode(Piece.self, from: JSONEncoder().encode(piece))
    #expect(again == piece && again.chart == piece.chart)
  }

  /// A build finds the chords of what it reads.
  @Test func aBuildAddsCharts() throws {
    let chords = [[48, 64, 67, 72], [45, 64, 69, 72], [41, 65, 69, 72], [43, 65, 67, 71]]
    var notes: [Note] = []
    for index in 0..<9 {
      let onset = Tick(rawValue: 960 * Int64(index))
      notes += chords[index % 4].map { pitch in
        Note(
          onset: onset, end: onset + (index == 8 ? 1920 : 960), pitch: Pitch(masking: UInt8(pitch)),
          velocity: Velocity(masking: 80))
      }
    }
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: notes)])
    _ = try folder.write([1], to: "music/a.mid")
    let listing = try CorpusListing(
      [folder.path("music")], extensions: ["mid"], manifest: nil, shares: SplitShares())
    var build = try DatasetBuild(
      of: listing.files, to: DatasetWriter(path: folder.path("built"), settings: "test"))
    let outcome = DatasetBuild.Outcome(try TokenEncoder().encode(score), of: score, minimumNotes: 16)
    #expect(try build.add(outcome, of: listing.files[0]) == nil)
    _ = try build.finish()
    let piece = try #require(Dataset(path: folder.path("built")).pieces.first)
    let chart = try #require(piece.chart)
    #expect(chart.entries.map { $0.chord.symbol(in: $0.key) } == ["C", "Am", "F", "G7", "C", "Am", "F", "G7", "C"])
    #expect(chart.entries.map(\.start.rawValue) == (0..<9).map { 64 * $0 } && chart.entries.last?.end == 640)
    #expect(chart.isBeginning && chart.isEnding)
  }
}
