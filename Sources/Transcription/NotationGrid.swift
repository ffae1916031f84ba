internal import MusicAnalysis
internal import MusicCore
internal import MusicXML

/// The measures of a score, and the conversion of times to positions in units from the start of the first measure.
///
/// If the analyzer trusts the tempo map, positions are exact; otherwise they are interpolated linearly between the
/// beats that it detects.
struct NotationGrid {
  /// A measure.
  struct Measure {
    var start: Int
    var length: Int
    var number: Int
    /// The written meter; an incomplete measure has that of its neighbors.
    var meter: Meter
    var isIncomplete = false

    var end: Int { start + length }
  }

  static let quarter = NotatedScore.unitsPerQuarter
  /// The maximum number of measures; more indicate a damaged file.
  static let mostMeasures = 20_000

  private(set) var measures: [Measure]
  /// Whether positions come from the tempo map of the file.
  let isExact: Bool
  private let score: Score
  private let grid: MetricalGrid
  /// Position 0, in quarter notes of the analysis.
  private let origin: Double

  /// Finds the measures of a score; nil if it has fewer than two onsets, or no end.
  init?(_ score: Score) {
    guard let grid = MetricalGrid(score) else { return nil }
    (self.score, self.grid) = (score, grid)
    isExact = grid.source == .tempoMap
    if isExact, let measures = Self.measures(of: score) {
      self.measures = measures
      origin = 0
    } else {
      let first = Self.quarters(of: score.playedNotes().first?.onset ?? .zero, grid)
      let last = Self.quarters(of: score.duration, grid)
      (measures, origin) = Self.measures(of: grid, from: first, to: last)
    }
    guard !measures.isEmpty, measures.count < Self.mostMeasures else { return nil }
  }

  /// The unrounded position of a tick, in units.
  func place(of tick: Tick) -> Double {
    guard case .metrical(let ticksPerQuarter) = score.division, isExact else {
      return (Self.quarters(of: score.tempoMap.seconds(at: tick), grid) - origin) * Double(Self.quarter)
    }
    return Double(tick.rawValue) / Double(ticksPerQuarter) * Double(Self.quarter)
  }

  /// The index of the measure that contains a position, clamped to the first and last measure.
  func measure(at place: Int) -> Int {
    let next = measures.partitioningIndex { $0.start > place }
    return max(0, next - 1)
  }

  /// Adds measures until they reach a position.
  mutating func extend(to place: Int) {
    while let last = measures.last, last.end < place, measures.count < Self.mostMeasures {
      measures.append(
        Measure(start: last.end, length: Self.length(of: last.meter), number: last.number + 1, meter: last.meter))
    }
  }

  /// The tempos of the notated score: those of the file, or one for each detected beat.
  func tempos() -> [(place: Int, beatsPerMinute: Double)] {
    if isExact {
      let first =
        score.tempoMap.changes.first.map { $0.tick > .zero } ?? true ? [(place: 0, beatsPerMinute: 120.0)] : []
      return first + score.tempoMap.changes.map { (Int(place(of: $0.tick).rounded()), $0.beatsPerMinute) }
    }
    var tempos: [(place: Int, beatsPerMinute: Double)] = []
    for beat in grid.beatsSeconds.indices.dropLast() {
      let place = Int(((grid.quarters[beat] - origin) * Double(Self.quarter)).rounded())
      let seconds = (grid.beatsSeconds[beat + 1] - grid.beatsSeconds[beat]).rawValue
      let rate = (grid.quarters[beat + 1] - grid.quarters[beat]) / max(0.01, seconds) * 60
      // The notation begins with the tempo of the last beat before it or, if notes precede the first beat, of the first
      // beat.
      if place <= 0 { tempos.removeAll() }
      tempos.append((tempos.isEmpty ? 0 : place, max(5, min(1000, rate))))
    }
    return tempos
  }

  /// The time of a position.
  func time(at place: Int) -> Seconds {
    if isExact, case .metrical(let ticksPerQuarter) = score.division {
      let tick = Double(place) / Double(Self.quarter) * Double(ticksPerQuarter)
      return score.tempoMap.seconds(at: Tick(rawValue: Int64(tick.rounded())))
    }
    let quarters = Double(place) / Double(Self.quarter) + origin
    let next = min(grid.quarters.count - 1, max(1, grid.quarters.partitioningIndex { $0 > quarters }))
    let (start, end) = (grid.quarters[next - 1], grid.quarters[next])
    let (from, to) = (grid.beatsSeconds[next - 1], grid.beatsSeconds[next])
    return from + Seconds((to - from).rawValue * (quarters - start) / (end - start))
  }

  private static func quarters(of time: Seconds, _ grid: MetricalGrid) -> Double {
    let position = grid.position(of: time)
    let beat = min(grid.quarters.count - 2, max(0, Int(position.rounded(.down))))
    return grid.quarters[beat] + (position - Double(beat)) * (grid.quarters[beat + 1] - grid.quarters[beat])
  }

  static func length(of meter: Meter) -> Int { meter.numerator * 4 * quarter / meter.denominator }

  // MARK: Measures of the file

  /// The measures by the time signatures of a score; nil if one is not a multiple of 64th notes.
  private static func measures(of score: Score) -> [Measure]? {
    guard case .metrical(let ticksPerQuarter) = score.division else { return nil }
    var signatures = score.timeSignatures
    if signatures.first.map({ $0.tick > .zero }) ?? true {
      signatures.insert(TimeSignature(tick: .zero, numerator: 4, denominator: 4), at: 0)
    }
    func place(_ tick: Tick) -> Int {
      Int((Double(tick.rawValue) / Double(ticksPerQuarter) * Double(quarter)).rounded())
    }
    let end = place(score.lastNoteEnd)
    var stretches: [(start: Int, end: Int, meter: Meter)] = []
    for (index, signature) in signatures.enumerated() {
      guard signature.denominator <= 64, signature.numerator <= 255 else { return nil }
      let next = index + 1 < signatures.count ? place(signatures[index + 1].tick) : max(end, place(signature.tick) + 1)
      if place(signature.tick) < next { stretches.append((place(signature.tick), next, Meter(signature))) }
    }
    var measures: [Measure] = []
    var number = 1
    for (index, stretch) in stretches.enumerated() {
      let length = length(of: stretch.meter)
      guard (stretch.end - stretch.start) / length < mostMeasures else { return nil }
      let meter = writtenMeter(of: index, in: stretches)
      if index == 0, meter != stretch.meter { number = 0 }
      var start = stretch.start
      while start < stretch.end {
        let isLast = index + 1 == stretches.count
        let measureLength = isLast ? length : min(length, stretch.end - start)
        measures.append(
          Measure(
            start: start, length: measureLength, number: number, meter: meter,
            isIncomplete: measureLength < self.length(of: meter)))
        number += 1
        start += measureLength
      }
    }
    return joined(measures)
  }

  /// Joins two incomplete measures that together make a whole one, such as the last of a section and the pickup of the
  /// next. Any other incomplete measure that is neither first nor last gets a meter of its own.
  private static func joined(_ measures: [Measure]) -> [Measure] {
    var joined: [Measure] = []
    var removed = 0
    for measure in measures {
      var measure = measure
      measure.number -= removed
      if let last = joined.last, joined.count > 1, last.isIncomplete, measure.isIncomplete, last.meter == measure.meter,
        last.length + measure.length == length(of: measure.meter)
      {
        joined[joined.count - 1].length += measure.length
        joined[joined.count - 1].isIncomplete = false
        removed += 1
      } else {
        joined.append(measure)
      }
    }
    for index in joined.indices.dropFirst().dropLast() where joined[index].isIncomplete {
      if let meter = meter(ofLength: joined[index].length) {
        (joined[index].meter, joined[index].isIncomplete) = (meter, false)
      }
    }
    return joined
  }

  /// A meter of this length, in quarters or shorter values.
  private static func meter(ofLength length: Int) -> Meter? {
    [4, 8, 16, 32].first { (4 * quarter * 255 / $0 >= length) && (length * $0).isMultiple(of: 4 * quarter) }
      .map { Meter(numerator: length * $0 / (4 * quarter), denominator: $0) }
  }

  /// The written meter of a stretch of one time signature. A single bar that is shorter than its neighbors, such as a
  /// pickup or a bar split by a repeat, keeps their meter.
  private static func writtenMeter(of index: Int, in stretches: [(start: Int, end: Int, meter: Meter)]) -> Meter {
    let here = stretches[index]
    let length = length(of: here.meter)
    guard here.end - here.start <= length else { return here.meter }
    let others = [
      stretches[..<index].last { $0.end - $0.start > Self.length(of: $0.meter) },
      stretches[(index + 1)...].first { $0.end - $0.start > Self.length(of: $0.meter) },
    ]
    let longer = others.compactMap { $0?.meter }.first { Self.length(of: $0) > length }
    return longer ?? here.meter
  }

  // MARK: Detected measures

  /// The measures between the downbeats of an analysis, with any music before the first as a pickup.
  private static func measures(
    of grid: MetricalGrid, from first: Double, to last: Double
  ) -> (measures: [Measure], origin: Double) {
    let downbeats = grid.downbeats.map { grid.quarters[$0] }
    func meter(at quarters: Double) -> Meter {
      let beat = min(grid.quarters.count - 1, grid.quarters.partitioningIndex { $0 > quarters + 1e-6 })
      let time = grid.beatsSeconds[max(0, beat - 1)] + Seconds(1e-4)
      return (grid.meters.last { $0.startSeconds <= time } ?? grid.meters.first)?.meter
        ?? Meter(numerator: 4, denominator: 4)
    }
    var starts = downbeats
    if starts.isEmpty { starts = [grid.quarters[0]] }
    var pickup: Double?
    if first < starts[0] - 0.125 {
      // The length of the pickup in whole eighths, at most a bar.
      let length = ((starts[0] - first) * 2).rounded(.up) / 2
      pickup = length
      starts.insert(starts[0] - length, at: 0)
    } else {
      // Drop bars before the first note.
      while starts.count > 1, starts[1] <= first + 1e-6 { starts.removeFirst() }
    }
    let origin = starts[0]
    var measures: [Measure] = []
    for (index, start) in starts.enumerated() where start < last {
      let here = meter(at: start)
      let whole = length(of: here)
      let next = index + 1 < starts.count ? Int(((starts[index + 1] - start) * Double(quarter)).rounded()) : whole
      let length = max(quarter / 2, next)
      measures.append(
        Measure(
          start: measures.last?.end ?? 0, length: length, number: index + (pickup == nil ? 1 : 0), meter: here,
          isIncomplete: length != whole))
    }
    return (measures, origin)
  }
}
