internal import Glibc

/// The search of `BeatDecoder`, chord by chord.
///
/// It stores scores without backpointers: the predecessors on the best path are found again by searching for those that give
/// exactly its scores.
package struct BeatSearch {
  private let onsets: [Double]
  private let decoder: BeatDecoder
  private let reach: Int
  private let deviationsPerStep: Double
  /// The log odds of the beats without notes between two with notes, by their number and the position of the second.
  private let misses: [PlaceScores]
  /// The score of a beat on each chord by its position in the bar.
  private var own: [PlaceScores] = []
  /// The cumulative evidence for each period up to each chord, (chords + 1) × `periodCount`.
  private var evidence: [Double]
  /// The best scores of beat sequences that end on each chord, after a possible change of tempo and bar: by the period up to
  /// the next beat and the position of the last one, chords × `periodCount`.
  private var onward: [PlaceScores] = []
  private var best: (score: Double, chord: Int, period: Int, place: Int) = (-.infinity, 0, 0, 0)

  private static let periodCount = BeatDecoder.periodCount
  private static let longestSkip = BeatDecoder.longestSkip
  private static let range = BeatNetwork.periodRange
  /// The longest time from a beat on a chord to the next, in seconds.
  static let farthest = range.upperBound * Double(longestSkip)

  package init(onsets: [Double], decoder: BeatDecoder) {
    self.onsets = onsets
    self.decoder = decoder
    deviationsPerStep = BeatDecoder.step / decoder.deviation
    reach = min(8, max(1, Int(3 * decoder.deviation / BeatDecoder.step)))
    misses = (1...Self.longestSkip).map { skip in
      PlaceScores(
        BarPlace.all.indices.map { place in
          (1..<max(1, skip)).reduce(0) { sum, between in
            let isFirst = BarPlace.all[BarPlace.place(between, before: place)].isFirst
            return sum + Float(decoder.miss + (isFirst ? decoder.missedDownbeat : 0))
          }
        })
    }
    own.reserveCapacity(onsets.count)
    evidence = Array(repeating: 0, count: Self.periodCount)
    evidence.reserveCapacity((onsets.count + 1) * Self.periodCount)
    onward.reserveCapacity(onsets.count * Self.periodCount)
  }

  /// Adds the next chord: the score of a beat on it at each position in a bar, and that of each period per second.
  package mutating func advance(evidence scores: [Float], periods: [Double]) {
    let chord = own.count
    let seconds = chord == 0 ? 0 : min(2, onsets[chord] - onsets[chord - 1])
    for (period, perSecond) in periods.enumerated() {
      evidence.append(evidence[chord * Self.periodCount + period] + seconds * perSecond)
    }
    own.append(PlaceScores(scores))
    var cells = arrive(at: chord)
    let lead = lead(before: chord)
    let greatest = Self.highest(cells).greatest
    if Double(greatest) + lead > best.score, let period = cells.firstIndex(where: { $0.greatest == greatest }),
      let place = BarPlace.all.indices.first(where: { cells[period][$0] == greatest })
    {
      best = (Double(greatest) + lead, chord, period, place)
    }
    changeBar(&cells)
    changeTempo(&cells)
    onward += cells
  }

  /// The cost of the music before a chord on which the first beat is.
  private func lead(before chord: Int) -> Double { (onsets[chord] - onsets[0]) * decoder.lead }

  /// The score of a chord as the first beat, at each position.
  private func first(_ chord: Int) -> PlaceScores { own[chord] - Float(lead(before: chord)) }

  // MARK: Beats before a beat

  /// The logarithms of the possible numbers of beats between two with notes.
  private static let skipLogs = (1...longestSkip).map { log(Double($0)) }

  /// Calls `body` with each chord that may have the last beat with a note before `chord`, the number of beats between them and
  /// the duration of these beats in steps of periods, until it returns false.
  @inline(__always)
  private func forEachBeat(before chord: Int, _ body: (_ before: Int, _ skip: Int, _ length: Double) -> Bool) {
    let skipLogs = Self.skipLogs
    var before = chord - 1
    while before >= 0 {
      let distance = onsets[chord] - onsets[before]
      if distance > Self.farthest { return }
      let whole = log(max(distance, 1e-9) / Self.range.lowerBound)
      for skip in 1...Self.longestSkip {
        let length = distance / Double(skip)
        if length < Self.range.lowerBound { break }
        if length > Self.range.upperBound { continue }
        if !body(before, skip, (whole - skipLogs[skip - 1]) / BeatDecoder.step) { return }
      }
      before -= 1
    }
  }

  /// The possible periods of a beat by its duration in steps.
  @inline(__always)
  private func periods(near length: Double) -> ClosedRange<Int> {
    let nearest = Int(length + 0.5)
    return max(0, nearest - reach)...min(Self.periodCount - 1, nearest + reach)
  }

  /// The score of a beat duration, given the period.
  @inline(__always)
  private func gain(
    _ evidence: UnsafeBufferPointer<Double>, _ before: Int, _ chord: Int, _ period: Int, _ length: Double
  ) -> Float {
    let z = (length - Double(period)) * deviationsPerStep
    let now = evidence[(chord + 1) * Self.periodCount + period]
    return Float(now - evidence[(before + 1) * Self.periodCount + period] - 0.5 * z * z)
  }

  /// All periods, as indices.
  private static let allPeriods = 0...periodCount - 1

  /// The best scores of beat sequences that end on a chord, by their last period. Only those of `wanted` periods are valid.
  private func arrive(at chord: Int, with wanted: ClosedRange<Int> = allPeriods) -> [PlaceScores] {
    // By the number of beats since the last one with a note, and the period.
    var arrivals = [PlaceScores](repeating: .nothing, count: Self.longestSkip * Self.periodCount)
    return arrivals.withUnsafeMutableBufferPointer { arrivals in
      onward.withUnsafeBufferPointer { onward in
        evidence.withUnsafeBufferPointer { evidence in
          forEachBeat(before: chord) { before, skip, length in
            let near = periods(near: length)
            guard near.overlaps(wanted) else { return true }
            for period in near.clamped(to: wanted) {
              arrivals[(skip - 1) * Self.periodCount + period].raise(
                to: onward[before * Self.periodCount + period] + gain(evidence, before, chord, period, length))
            }
            return true
          }
        }
      }
      var cells = [PlaceScores](repeating: first(chord), count: Self.periodCount)
      for skip in 1...Self.longestSkip {
        let fixed = own[chord] + misses[skip - 1]
        for period in wanted {
          cells[period].raise(to: arrivals[(skip - 1) * Self.periodCount + period].rotated(by: skip) + fixed)
        }
      }
      return cells
    }
  }

  // MARK: Changes

  /// The maximum over all periods of the scores at each position.
  private static func highest(_ cells: [PlaceScores]) -> PlaceScores {
    var highest = PlaceScores.nothing
    for scores in cells { highest.raise(to: scores) }
    return highest
  }

  /// Updates the scores with the best change to a new bar.
  private func changeBar(_ cells: inout [PlaceScores]) {
    for period in cells.indices { cells[period].raiseLast(to: cells[period].greatest - Float(decoder.barChange)) }
  }

  private var tempoCost: Float { Float(decoder.tempoChange * BeatDecoder.step) }

  /// Updates the scores with the best change of tempo, by a distance transform (Felzenszwalb & Huttenlocher 2012).
  private func changeTempo(_ cells: inout [PlaceScores]) {
    let (cost, jump, highest) = (tempoCost, Float(decoder.tempoJump), Self.highest(cells))
    cells.withUnsafeMutableBufferPointer { cells in
      for period in 1..<cells.count { cells[period].raise(to: cells[period - 1] - cost) }
      for period in (0..<cells.count - 1).reversed() { cells[period].raise(to: cells[period + 1] - cost) }
      for period in cells.indices { cells[period].raise(to: highest - jump) }
    }
  }

  // MARK: The best path

  /// The best beats up to the last chord.
  package func bestPath() -> BeatDecoder.Beats {
    var (_, chord, period, place) = best
    var score = arrive(at: chord, with: period...period)[period][place]
    var beats = BeatDecoder.Beats(seconds: [onsets[chord]], places: [place])
    while let (before, skip) = beat(before: chord, period, place, score: score) {
      let (to, from) = (onsets[chord], onsets[before])
      // Beats without notes are interpolated.
      for part in 1..<max(1, skip) {
        beats.seconds.append(to + (from - to) * Double(part) / Double(skip))
        beats.places.append(BarPlace.place(part, before: place))
      }
      chord = before
      place = BarPlace.place(skip, before: place)
      (period, place, score) = origin(of: onward[chord * Self.periodCount + period][place], period, place, at: chord)
      beats.seconds.append(from)
      beats.places.append(place)
    }
    return BeatDecoder.Beats(seconds: beats.seconds.reversed(), places: beats.places.reversed())
  }

  /// The previous beat with a note of a beat on a chord, and the number of beats between them; nil for the first beat.
  private func beat(before chord: Int, _ period: Int, _ place: Int, score: Float) -> (before: Int, skip: Int)? {
    if first(chord)[place] == score { return nil }
    var found: (before: Int, skip: Int)?
    evidence.withUnsafeBufferPointer { evidence in
      forEachBeat(before: chord) { before, skip, length in
        guard periods(near: length).contains(period) else { return true }
        let old = onward[before * Self.periodCount + period][BarPlace.place(skip, before: place)]
        let fixed = (own[chord] + misses[skip - 1])[place]
        if old + gain(evidence, before, chord, period, length) + fixed == score { found = (before, skip) }
        return found == nil
      }
    }
    return found
  }

  /// The period, position and score before the change of tempo and bar that gives a score on a chord.
  private func origin(
    of score: Float, _ period: Int, _ place: Int, at chord: Int
  ) -> (period: Int, place: Int, score: Float) {
    // Neighboring periods are tried first, since most tempo changes are small.
    let near = max(0, period - 2)...min(Self.periodCount - 1, period + 2)
    return origin(of: score, period, place, at: chord, among: near)
      ?? origin(of: score, period, place, at: chord, among: Self.allPeriods) ?? (period, place, score)
  }

  private func origin(
    of score: Float, _ period: Int, _ place: Int, at chord: Int, among wanted: ClosedRange<Int>
  ) -> (period: Int, place: Int, score: Float)? {
    let cells = arrive(at: chord, with: wanted)
    var free = cells
    changeBar(&free)
    // The cost is subtracted step by step, so that rounding is the same as in the forward search.
    func isOrigin(_ other: Int) -> Bool {
      wanted.contains(other)
        && (0..<abs(other - period)).reduce(free[other][place]) { score, _ in score - tempoCost } == score
    }
    let distance = (0..<wanted.count).first { isOrigin(period - $0) || isOrigin(period + $0) }
    // If there is none, the change had the maximum cost.
    let jump = wanted == Self.allPeriods ? wanted.max { free[$0][place] < free[$1][place] } : nil
    guard let old = distance.map({ isOrigin(period - $0) ? period - $0 : period + $0 }) ?? jump else { return nil }
    let isSameBar = cells[old][place] == free[old][place]
    let from = isSameBar ? place : BarPlace.all.indices.max { cells[old][$0] < cells[old][$1] } ?? place
    return (old, from, cells[old][from])
  }
}
