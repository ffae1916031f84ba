internal import Glibc

/// The search of `BeatDecoder`, from one chord to the next.
package struct BeatSearch {
  /// Numbers of a row of scores: one for each place in a bar, and as many more as fill vectors.
  static let lanes = 12

  private let onsets: [Double]
  private let decoder: BeatDecoder
  private let reach: Int
  /// What beats without notes cost, by how many lie between two with notes and the place of the second of these.
  private let misses: [[Float]]
  private var count = 0
  /// Scores of a beat whose next beat has a given period and comes 1, 2 … `longestSkip` beats later, at the place of that
  /// beat, for the last chords that a beat may reach: a ring of rows of `periodCount` × `longestSkip` × `lanes`.
  private var onward: [Float]
  private let ringSize: Int
  /// The sum of the evidence for each period up to each chord, (chords + 1) × `periodCount`.
  private var evidence: [Double]
  /// For each chord, period and place: how many chords before the beat before lies, times `originStep`, plus how many
  /// beats later this is; −1 for the first beat.
  private var origins: [Int16] = []
  private static let originStep = 4
  /// For each chord and period, and the place of the last beat: which period and place that beat came with, the period
  /// times `lanes` plus the place.
  private var sources: [Int16] = []
  /// What is being computed for one chord.
  private var cells = Cells(periods: BeatDecoder.periodCount)
  private var best: (score: Double, chord: Int, period: Int, place: Int) = (-.infinity, 0, 0, 0)

  private var periodCount: Int { BeatDecoder.periodCount }
  private var longestSkip: Int { BeatDecoder.longestSkip }

  package init(onsets: [Double], decoder: BeatDecoder) {
    let (periods, skips) = (BeatDecoder.periodCount, BeatDecoder.longestSkip)
    self.onsets = onsets
    self.decoder = decoder
    reach = min(8, max(1, Int(3 * decoder.deviation / BeatDecoder.step)))
    misses = (1...skips).map { skip in
      BarPlace.all.indices.map { place in
        (1..<max(1, skip)).reduce(0) { sum, between in
          let isFirst = BarPlace.all[BarPlace.place(between, before: place)].isFirst
          return sum + Float(decoder.miss + (isFirst ? decoder.missedDownbeat : 0))
        }
      }
    }
    // The most chords that lie within the reach of a beat.
    let longest = BeatNetwork.periodRange.upperBound * Double(skips)
    var (first, most) = (0, 1)
    for (index, onset) in onsets.enumerated() {
      while onset - onsets[first] > longest { first += 1 }
      most = max(most, index - first)
    }
    ringSize = most + 1
    onward = Array(repeating: 0, count: ringSize * periods * skips * Self.lanes)
    evidence = Array(repeating: 0, count: periods)
    evidence.reserveCapacity((onsets.count + 1) * periods)
    origins.reserveCapacity(onsets.count * periods * BarPlace.count)
    sources.reserveCapacity(onsets.count * periods * BarPlace.count)
  }

  /// Takes the next chord: the score of a beat on it at each place in a bar, and of each period per second.
  package mutating func advance(evidence own: [Float], periods: [Double]) {
    let seconds = count == 0 ? 0 : min(2, onsets[count] - onsets[count - 1])
    for (period, perSecond) in periods.enumerated() {
      evidence.append(evidence[count * periodCount + period] + seconds * perSecond)
    }
    let lead = (onsets[count] - onsets[0]) * decoder.lead
    let first = own.map { $0 - Float(lead) } + [Float](repeating: 0, count: Self.lanes - own.count)
    for index in cells.scores.indices { cells.scores[index] = first[index % Self.lanes] }
    for index in cells.origins.indices { cells.origins[index] = -1 }
    extend(own: own)
    for (index, score) in cells.scores.enumerated() where Double(score) + lead > best.score {
      let (period, place) = index.quotientAndRemainder(dividingBy: Self.lanes)
      if place < BarPlace.count { best = (Double(score) + lead, count, period, place) }
    }
    Self.append(cells.origins, to: &origins)
    changeBar()
    changeTempo()
    Self.append(cells.origins, to: &sources)
    appendOnward()
    count += 1
  }

  /// Scores, and where they come from, of periods × `lanes`.
  private struct Cells {
    var scores: [Float]
    var origins: [Int32]

    init(periods: Int) {
      scores = [Float](repeating: 0, count: periods * lanes)
      origins = [Int32](repeating: -1, count: periods * lanes)
    }

    /// Takes each of a row of scores, plus what comes to it, where it is better.
    @inline(__always)
    static func improve(
      _ scores: UnsafeMutablePointer<Float>, _ origins: UnsafeMutablePointer<Int32>, with row: UnsafePointer<Float>,
      plus fixed: UnsafePointer<Float>, _ more: Float, from origin: Int32
    ) {
      for lane in 0..<lanes {
        let score = row[lane] + (fixed[lane] + more)
        let isBetter = score > scores[lane]
        scores[lane] = isBetter ? score : scores[lane]
        origins[lane] = isBetter ? origin : origins[lane]
      }
    }
  }

  /// Finds for each period and place the best beat before one on the next chord.
  private mutating func extend(own: [Float]) {
    let range = BeatNetwork.periodRange
    let start = log(range.lowerBound)
    let (periodCount, longestSkip, chord) = (periodCount, longestSkip, count)
    let rest = [Float](repeating: 0, count: Self.lanes - own.count)
    let fixed = misses.map { costs in zip(own, costs).map { $0 + $1 } + rest }
    let (onsets, decoder, reach, ringSize) = (onsets, decoder, reach, ringSize)
    onward.withUnsafeBufferPointer { onward in
      evidence.withUnsafeBufferPointer { evidence in
        cells.scores.withUnsafeMutableBufferPointer { scores in
          cells.origins.withUnsafeMutableBufferPointer { origins in
            guard let onward = onward.baseAddress, let scores = scores.baseAddress, let origins = origins.baseAddress
            else { return }
            var before = chord - 1
            while before >= 0 {
              let distance = onsets[chord] - onsets[before]
              if distance > range.upperBound * Double(longestSkip) { break }
              let row = before % ringSize * periodCount
              for skip in 1...longestSkip {
                let length = distance / Double(skip)
                if length < range.lowerBound { break }
                if length > range.upperBound { continue }
                let exact = (log(length) - start) / BeatDecoder.step
                let nearest = Int(exact.rounded())
                let origin = Int32((chord - before) * Self.originStep + skip)
                fixed[skip - 1].withUnsafeBufferPointer { fixed in
                  guard let fixed = fixed.baseAddress else { return }
                  for period in max(0, nearest - reach)...min(periodCount - 1, nearest + reach) {
                    let z = (exact - Double(period)) * BeatDecoder.step / decoder.deviation
                    let likelihood =
                      evidence[(chord + 1) * periodCount + period] - evidence[(before + 1) * periodCount + period]
                    Cells.improve(
                      scores + period * Self.lanes, origins + period * Self.lanes,
                      with: onward + ((row + period) * longestSkip + skip - 1) * Self.lanes, plus: fixed,
                      Float(likelihood - 0.5 * z * z), from: origin)
                  }
                }
              }
              before -= 1
            }
          }
        }
      }
    }
  }

  /// Appends what rows of `lanes` say of places.
  private static func append(_ rows: [Int32], to list: inout [Int16]) {
    for row in stride(from: 0, to: rows.count, by: lanes) {
      for place in row..<row + BarPlace.count { list.append(Int16(rows[place])) }
    }
  }

  /// Makes the scores those of beats after which another bar may begin.
  private mutating func changeBar() {
    for index in cells.origins.indices { cells.origins[index] = Int32(index) }
    for row in stride(from: 0, to: cells.scores.count, by: Self.lanes) {
      var best = row
      for index in row..<row + BarPlace.count where cells.scores[index] > cells.scores[best] { best = index }
      let changed = cells.scores[best] - Float(decoder.barChange)
      for index in BarPlace.last.map({ row + $0 }) where changed > cells.scores[index] {
        cells.scores[index] = changed
        cells.origins[index] = Int32(best)
      }
    }
  }

  /// Makes the scores those after the best change of tempo: a distance transform (Felzenszwalb & Huttenlocher 2012).
  private mutating func changeTempo() {
    let (lanes, periodCount) = (Self.lanes, periodCount)
    let cost = Float(decoder.tempoChange * BeatDecoder.step)
    let jump = Float(decoder.tempoJump)
    cells.scores.withUnsafeMutableBufferPointer { scores in
      cells.origins.withUnsafeMutableBufferPointer { origins in
        guard let scores = scores.baseAddress, let origins = origins.baseAddress else { return }
        /// Takes the row at `other`, less a cost, into that at `row` where it is better.
        @inline(__always)
        func take(_ other: Int, into row: Int, cost: Float) {
          for lane in 0..<lanes {
            let score = scores[other + lane] - cost
            let isBetter = score > scores[row + lane]
            scores[row + lane] = isBetter ? score : scores[row + lane]
            origins[row + lane] = isBetter ? origins[other + lane] : origins[row + lane]
          }
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: lanes) { bestScores in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: lanes) { bestOrigins in
            for lane in 0..<lanes { (bestScores[lane], bestOrigins[lane]) = (scores[lane], origins[lane]) }
            for row in stride(from: lanes, to: periodCount * lanes, by: lanes) {
              for lane in 0..<lanes where scores[row + lane] > bestScores[lane] {
                (bestScores[lane], bestOrigins[lane]) = (scores[row + lane], origins[row + lane])
              }
            }
            for period in 1..<periodCount { take((period - 1) * lanes, into: period * lanes, cost: cost) }
            for period in (0..<periodCount - 1).reversed() {
              take((period + 1) * lanes, into: period * lanes, cost: cost)
            }
            for row in stride(from: 0, to: periodCount * lanes, by: lanes) {
              for lane in 0..<lanes where bestScores[lane] - jump > scores[row + lane] {
                (scores[row + lane], origins[row + lane]) = (bestScores[lane] - jump, bestOrigins[lane])
              }
            }
          }
        }
      }
    }
  }

  /// Writes the scores to the ring.
  private mutating func appendOnward() {
    let base = count % ringSize * periodCount
    for period in 0..<periodCount {
      for (skip, places) in BarPlace.before.enumerated() {
        let row = ((base + period) * longestSkip + skip) * Self.lanes
        for (place, before) in places.enumerated() { onward[row + place] = cells.scores[period * Self.lanes + before] }
      }
    }
  }

  /// The best beats up to the last chord.
  package func bestPath() -> BeatDecoder.Beats {
    var (_, chord, period, place) = best
    var beats = BeatDecoder.Beats(seconds: [onsets[chord]], places: [place])
    while true {
      let origin = Int(origins[(chord * periodCount + period) * BarPlace.count + place])
      guard origin >= 0 else { break }
      let (offset, skip) = origin.quotientAndRemainder(dividingBy: Self.originStep)
      let (to, from) = (onsets[chord], onsets[chord - offset])
      // Beats without notes, between the two.
      for part in 1..<max(1, skip) {
        beats.seconds.append(to + (from - to) * Double(part) / Double(skip))
        beats.places.append(BarPlace.place(part, before: place))
      }
      chord -= offset
      place = BarPlace.place(skip, before: place)
      let source = Int(sources[(chord * periodCount + period) * BarPlace.count + place])
      (period, place) = source.quotientAndRemainder(dividingBy: Self.lanes)
      beats.seconds.append(from)
      beats.places.append(place)
    }
    return BeatDecoder.Beats(seconds: beats.seconds.reversed(), places: beats.places.reversed())
  }
}
