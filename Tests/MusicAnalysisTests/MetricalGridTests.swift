import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite("Metrical grid") struct MetricalGridTests {
  /// A note on every eighth of `quarters` quarters.
  private func eighths(quarters: Int, shift: Tick = .zero) -> [Note] {
    (0..<2 * quarters).map { index in
      let onset = Tick(rawValue: 240 * Int64(index)) + shift
      return Note(
        onset: onset, end: onset + 200, pitch: Pitch(masking: 60), velocity: Velocity(masking: 80))
    }
  }

  private func seconds(_ values: [Seconds]) -> [Double] { values.map { ($0.rawValue * 1000).rounded() / 1000 } }

  private static let writtenMeters: [(numerator: Int, denominator: Int, beats: [Double], downbeats: [Double])] = [
    (4, 4, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], [0, 2]),
    (3, 4, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], [0, 1.5, 3]),
    (6, 8, [0, 0.75, 1.5, 2.25, 3, 3.75], [0, 1.5, 3]),
    (2, 2, [0, 1, 2, 3], [0, 2]),
    (3, 8, (0..<16).map { Double($0) / 4 }, [0, 0.75, 1.5, 2.25, 3, 3.75]),
  ]

  @Test("has the beats of the written meter", arguments: writtenMeters)
  func writtenMeter(numerator: Int, denominator: Int, beats: [Double], downbeats: [Double]) throws {
    let signature = TimeSignature(tick: .zero, numerator: numerator, denominator: denominator)
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: eighths(quarters: 8))],
      timeSignatures: [signature])
    let grid = try #require(MetricalGrid(score))
    #expect(grid.source == .tempoMap)
    #expect(seconds(grid.beatsSeconds) == beats)
    #expect(seconds(grid.downbeatsSeconds) == downbeats)
    #expect(grid.meter.description == "\(numerator)/\(denominator)")
  }

  @Test("follows changes of meter and tempo") func changes() throws {
    let score = Score(
      tempoMap: TempoMap(
        division: .metrical(ticksPerQuarter: 480),
        changes: [TempoChange(tick: 1920, microsecondsPerQuarter: 1_000_000)]),
      tracks: [Track(notes: eighths(quarters: 10))],
      timeSignatures: [
        TimeSignature(tick: .zero, numerator: 4, denominator: 4),
        TimeSignature(tick: 1920, numerator: 3, denominator: 4),
      ])
    let grid = try #require(MetricalGrid(score))
    #expect(seconds(grid.beatsSeconds) == [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7])
    #expect(grid.downbeats == [0, 4, 7])
    #expect(grid.meters.map(\.meter.description) == ["4/4", "3/4"])
    #expect(grid.meter.description == "3/4")
    #expect(grid.tempoBPM == 60)
  }

  @Test("starts with the bar of the first note") func leadingRests() throws {
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
      tracks: [Track(notes: eighths(quarters: 8, shift: Tick(rawValue: 480 * 401)))])
    let grid = try #require(MetricalGrid(score))
    #expect(grid.beatsSeconds.first == Seconds(200))
    #expect(grid.downbeats.first == 0)
  }

  /// A pickup of `pickup` eighths before bars of 3/4, and an incomplete last bar.
  private func withPickup(_ pickup: Int, bars: Int) -> Score {
    let bar: Int64 = 1440
    let (start, rest) = (240 * Int64(pickup), 6 - pickup)
    return Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
      tracks: [Track(notes: Array(eighths(quarters: 3 * bars + 3).prefix(pickup + 6 * bars + rest)))],
      timeSignatures: [
        TimeSignature(tick: .zero, numerator: pickup, denominator: 8),
        TimeSignature(tick: Tick(rawValue: start), numerator: 3, denominator: 4),
        TimeSignature(tick: Tick(rawValue: start + Int64(bars) * bar), numerator: rest, denominator: 8),
      ])
  }

  @Test("numbers bars as in print, from the first full bar", arguments: [1, 2, 5])
  func pickup(eighths: Int) throws {
    let grid = try #require(MetricalGrid(withPickup(eighths, bars: 4)))
    #expect(grid.firstBarNumber == 0)
    #expect(grid.meters.map(\.meter.description) == ["3/4"])
    let start = Double(eighths) / 4
    let downbeats: [Double] = [0] + (0...4).map { start + 1.5 * Double($0) }
    #expect(seconds(grid.downbeatsSeconds) == downbeats)
    #expect(grid.quarters[grid.downbeats[1]] == Double(eighths) / 2)
  }

  @Test("a longer first bar before a change of meter is no pickup") func longFirstBar() throws {
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: eighths(quarters: 10))],
      timeSignatures: [
        TimeSignature(tick: .zero, numerator: 4, denominator: 4),
        TimeSignature(tick: 1920, numerator: 3, denominator: 4),
      ])
    let grid = try #require(MetricalGrid(score))
    #expect(grid.firstBarNumber == 1)
    #expect(grid.meters.map(\.meter.description) == ["4/4", "3/4"])
  }

  @Test("counts silent bars at the start") func silentBars() throws {
    let score = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
      tracks: [Track(notes: eighths(quarters: 8, shift: Tick(rawValue: 480 * 9)))])
    #expect(MetricalGrid(score)?.firstBarNumber == 3)
  }

  @Test("ignores the tempo map of a performance without a click", arguments: 1...6)
  func performance(seed: UInt64) throws {
    let (score, _) = Performances.rubato(bars: 16, seed: seed)
    let grid = try #require(MetricalGrid(score))
    #expect(grid.source == .estimated)
    #expect(grid.reason.contains("ignore"))
  }

  @Test("uses the tempo map of a performance to a click, despite small deviations", arguments: 1...4)
  func click(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let notes = (0..<128).map { index in
      Performances.note(max(0, 0.25 * Double(index) + Double.random(in: -0.03...0.03, using: &generator)), 0.2, 60)
    }
    #expect(MetricalGrid(Performances.score(notes))?.source == .tempoMap)
  }

  @Test("does not mistake a coarse resolution for playing on the grid") func coarseResolution() throws {
    // At 12 ticks per quarter every onset is a multiple of a twelfth of a beat.
    let (fine, _) = Performances.rubato(bars: 16, seed: 3)
    let notes = fine.tracks[0].notes.map { note -> Note in
      var note = note
      (note.onset, note.end) = (Tick(rawValue: note.onset.rawValue / 40), Tick(rawValue: note.end.rawValue / 40 + 1))
      return note
    }
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 12)), tracks: [Track(notes: notes)])
    #expect(MetricalGrid(score)?.source == .estimated)
  }

  @Test("finds the beats of playing with rubato", arguments: [0.55, 0.8], [1, 2, 3])
  func estimate(period: Double, seed: UInt64) throws {
    let (score, beats) = Performances.rubato(bars: 24, beat: period, seed: seed)
    let grid = try #require(MetricalGrid(score))
    // The bass has figures of two beats, so half the tempo is accepted too.
    let level = grid.tempoBPM * period / 60 < 0.75 ? 2.0 : 1.0
    let right = grid.beatsSeconds.count { found in beats.contains { abs(found.rawValue - $0) < 0.07 } }
    #expect(Double(right) / Double(grid.beatsSeconds.count) > 0.9)
    #expect(level * Double(right) / Double(beats.count) > 0.9)
    #expect(abs(level * grid.tempoBPM * period / 60 - 1) < 0.12)
    #expect([2, 4].contains(grid.meter.beatsPerBar))
    #expect(zip(grid.beatsSeconds, grid.beatsSeconds.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("finds beats on both sides of a long silence", arguments: [9, 60, 4000])
  func silence(seconds length: Double) throws {
    let (first, beats) = Performances.rubato(bars: 8, seed: 4)
    let (second, others) = Performances.rubato(bars: 8, beat: 0.5, seed: 5)
    let shift = (beats.last ?? 0) + length
    let moved = second.tracks[0].notes.map { note -> Note in
      var note = note
      note.onset = note.onset + Tick(rawValue: Int64(960 * shift))
      note.end = note.end + Tick(rawValue: Int64(960 * shift))
      return note
    }
    let grid = try #require(MetricalGrid(Performances.score(first.tracks[0].notes + moved)))
    func found(_ beats: [Double]) -> Int {
      beats.count { beat in grid.beatsSeconds.contains { abs($0.rawValue - beat) < 0.07 } }
    }
    // Beats of half the tempo are as good.
    #expect(found(beats) > beats.count * 2 / 5, "\(found(beats)) of \(beats.count)")
    #expect(found(others.map { $0 + shift }) > others.count * 2 / 5, "\(found(others.map { $0 + shift }))")
    #expect(grid.beatsSeconds.count <= beats.count + others.count + 4)
    #expect(zip(grid.beatsSeconds, grid.beatsSeconds.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("has less confidence in beats without notes, and full in those of the file") func confidence() throws {
    let (score, beats) = Performances.rubato(bars: 24, beat: 0.8, seed: 2)
    let silent = beats[40]
    var holed = score
    holed.tracks[0].notes.removeAll { abs(score.tempoMap.seconds(at: $0.onset).rawValue - silent) < 0.1 }
    let grid = try #require(MetricalGrid(holed))
    #expect(grid.beatConfidences.count == grid.beatsSeconds.count)
    #expect(grid.beatConfidences.allSatisfy { $0 > 0 && $0 < 1 })
    let place = try #require(grid.beatsSeconds.firstIndex { abs($0.rawValue - silent) < 0.1 })
    #expect(grid.beatConfidences[place] < min(grid.beatConfidences[place - 1], grid.beatConfidences[place + 1]) - 0.1)
    let steady = Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track(notes: eighths(quarters: 8))])
    let written = try #require(MetricalGrid(steady))
    #expect(written.beatConfidences == written.beatsSeconds.map { _ in 1 })
  }

  @Test("a file with timecode has no beats of its own") func timecode() throws {
    let score = Score(
      tempoMap: TempoMap(division: .timecode(.fps25, ticksPerFrame: 40)),
      tracks: Performances.rubato(bars: 8, seed: 1).score.tracks)
    #expect(try #require(MetricalGrid(score)).source == .estimated)
  }

  @Test("does not extend the beats to a note in the far future") func farNote() {
    var notes = eighths(quarters: 8)
    notes.append(
      Note(
        onset: Tick(rawValue: 1 << 50), end: Tick(rawValue: 1 << 50 + 1), pitch: Pitch(masking: 60),
        velocity: Velocity(masking: 80)))
    let grid = MetricalGrid(Performances.score(notes))
    #expect((grid?.beatsSeconds.count ?? 0) < 100_000)
  }

  @Test("gives positions between and outside the beats") func position() {
    let grid = MetricalGrid(
      source: .estimated, reason: "", beatsSeconds: [1, 2, 4].map { Seconds($0) }, downbeats: [0],
      meters: [.init(startSeconds: Seconds(1), meter: Meter(numerator: 3, denominator: 4))])
    for (time, place) in [(1.0, 0.0), (1.5, 0.5), (2, 1), (3, 1.5), (4, 2), (5, 2.5), (0.5, -0.5)] {
      #expect(grid.position(of: Seconds(time)) == place)
    }
  }
}
