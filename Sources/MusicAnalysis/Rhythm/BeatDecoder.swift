internal import Glibc

/// Chooses the chords that are beats: the sequence that the network finds most likely and whose tempo changes least.
///
/// Dynamic programming over (chord, beat period), exact for this model: the tempo states of Whiteley, Cemgil & Godsill
/// (ISMIR 2006), with tempo changes only at beats as in Krebs, Böck & Widmer (ISMIR 2015), but on the onsets
/// themselves, so that a beat is exactly where a note is. A beat without a note costs `miss` and lies between its
/// neighbors.
struct BeatDecoder {
  /// Beat periods are kept in logarithmic steps of this size.
  static let step = 0.05
  static let periodCount =
    Int(log(BeatNetwork.periodRange.upperBound / BeatNetwork.periodRange.lowerBound) / step) + 1
  /// How many beats in a row may have no note, plus one.
  static let longestSkip = 4

  /// Cost of a tempo change by a factor e.
  var tempoChange = 8.0
  /// Cost of any tempo change at most.
  var tempoJump = 16.0
  /// Log odds of a beat without a note.
  var miss = -3.0
  /// Onsets with lower log odds of a beat are not tried: a beat without a note would be as good.
  static let leastOdds = -3.0
  /// Weight of the network's beat periods, per second.
  var periodWeight = 0.1
  /// Cost per second of a beat period that is a factor e^0.7 longer or shorter than people prefer.
  var unusualTempo = 0.05
  /// The beat period that people prefer (Parncutt, Music Perception 11, 1994; Moelants, ICMPC 2002).
  static let preferredPeriod = 0.55
  /// Standard deviation of the log length of one beat around the tempo.
  var deviation = 0.05

  private struct Entry {
    var score: Double
    /// The chord of the beat before, −1 for none, its period, and how many beats lie between.
    var previous: Int32 = -1
    var period: Int16 = 0
    var skip: Int16 = 1
  }

  /// The times of the beats in seconds, rising. O(chords × periods).
  func beats(chords all: [OnsetGroup], network: BeatNetwork.Output) -> [Double] {
    var kept = all.indices.filter { Double(network.beat[$0]) > Self.leastOdds }
    if kept.count < 2 { kept = Array(all.indices) }
    let chords = kept.map { all[$0] }
    guard chords.count > 1 else { return chords.map(\.onset) }
    let evidence = cumulativeEvidence(at: kept, chords: all, network: network)
    let count = Self.periodCount
    let start = log(BeatNetwork.periodRange.lowerBound)
    let penalties = self.penalties()
    var entries: [Entry] = []
    entries.reserveCapacity(chords.count * count)
    // The best score of a beat at a chord whose next beat has a given period, and the period that it came with.
    var onward: [(score: Double, period: Int16)] = []
    onward.reserveCapacity(chords.count * count)
    for j in chords.indices {
      let odds = Double(network.beat[kept[j]])
      // Music that is left out before the first beat costs half a unit a second.
      let base = entries.count
      entries.append(
        contentsOf: repeatElement(Entry(score: odds - (chords[j].onset - chords[0].onset) / 2), count: count)
      )
      var i = j - 1
      while i >= 0 {
        let distance = chords[j].onset - chords[i].onset
        if distance > BeatNetwork.periodRange.upperBound * Double(Self.longestSkip) { break }
        for skip in 1...Self.longestSkip {
          let length = distance / Double(skip)
          if length < BeatNetwork.periodRange.lowerBound { break }
          if length > BeatNetwork.periodRange.upperBound { continue }
          let exact = (log(length) - start) / Self.step
          let nearest = Int(exact.rounded())
          let cost = odds + Double(skip - 1) * miss
          for period in max(0, nearest - penalties.reach)...min(count - 1, nearest + penalties.reach) {
            let z = (exact - Double(period)) * penalties.scale
            let from = onward[i * count + period]
            let score =
              from.score + cost - 0.5 * z * z
              + (evidence[(j + 1) * count + period] - evidence[(i + 1) * count + period])
            if score > entries[base + period].score {
              entries[base + period] = Entry(
                score: score,
                previous: Int32(i),
                period: from.period,
                skip: Int16(skip)
              )
            }
          }
        }
        i -= 1
      }
      appendOnward(of: entries[base...], to: &onward)
    }
    return trace(entries, chords: chords)
  }

  private func penalties() -> (reach: Int, scale: Double) {
    (reach: min(8, Int(3 * deviation / Self.step)), scale: Self.step / deviation)
  }

  /// The network's periods as log likelihood ratios against chance, less the cost of an unusual
  /// tempo, summed over time up to each of the chords `kept`.
  private func cumulativeEvidence(at kept: [Int], chords: [OnsetGroup], network: BeatNetwork.Output) -> [Double] {
    let (count, coarse) = (Self.periodCount, BeatNetwork.periodCount)
    let range = BeatNetwork.periodRange
    let width = log(range.upperBound / range.lowerBound) / Double(coarse)
    let unusual = (0..<count).map { fine -> Double in
      let z = (log(range.lowerBound / Self.preferredPeriod) + Double(fine) * Self.step) / 0.7
      return unusualTempo * z * z
    }
    // Where each fine period lies between the centers of two coarse ones.
    let places = (0..<count).map { fine -> (index: Int, fraction: Double) in
      let place = min(max(Double(fine) * Self.step / width - 0.5, 0), Double(coarse - 1))
      let index = min(Int(place), coarse - 2)
      return (index, place - Double(index))
    }
    var sums = [Double](repeating: 0, count: (kept.count + 1) * count)
    var likelihoods = [Double](repeating: 0, count: coarse)
    for (j, chord) in kept.enumerated() {
      for period in 0..<coarse { likelihoods[period] = Double(network.period[period * chords.count + chord]) }
      let greatest = likelihoods.max() ?? 0
      let total = likelihoods.reduce(0) { $0 + exp($1 - greatest) }
      for period in 0..<coarse {
        likelihoods[period] = max(likelihoods[period] - greatest - log(total / Double(coarse)), -3)
      }
      let seconds = j == 0 ? 0 : min(2, chords[chord].onset - chords[kept[j - 1]].onset)
      for (period, place) in places.enumerated() {
        let likelihood =
          likelihoods[place.index] * (1 - place.fraction) + likelihoods[place.index + 1] * place.fraction
        sums[(j + 1) * count + period] =
          sums[j * count + period] + seconds * (periodWeight * likelihood - unusual[period])
      }
    }
    return sums
  }

  /// Appends the scores after the best tempo change: a distance transform (Felzenszwalb & Huttenlocher 2012).
  private func appendOnward(of entries: ArraySlice<Entry>, to onward: inout [(score: Double, period: Int16)]) {
    let base = onward.count
    for (period, entry) in entries.enumerated() { onward.append((entry.score, Int16(period))) }
    let cost = tempoChange * Self.step
    let count = entries.count
    var best = base
    for index in base..<base + count where onward[index].score > onward[best].score { best = index }
    let jump = (score: onward[best].score - tempoJump, period: onward[best].period)
    for index in base + 1..<base + count where onward[index - 1].score - cost > onward[index].score {
      onward[index] = (onward[index - 1].score - cost, onward[index - 1].period)
    }
    for index in stride(from: base + count - 2, through: base, by: -1)
    where onward[index + 1].score - cost > onward[index].score {
      onward[index] = (onward[index + 1].score - cost, onward[index + 1].period)
    }
    for index in base..<base + count where jump.score > onward[index].score { onward[index] = jump }
  }

  private func trace(_ entries: [Entry], chords: [OnsetGroup]) -> [Double] {
    let count = Self.periodCount
    let end = chords[chords.count - 1].onset
    var best = 0
    var bestScore = -Double.infinity
    for index in entries.indices {
      let score = entries[index].score - (end - chords[index / count].onset) / 2
      if score > bestScore { (best, bestScore) = (index, score) }
    }
    var beats = [chords[best / count].onset]
    while entries[best].previous >= 0 {
      let entry = entries[best]
      let to = chords[best / count].onset
      let from = chords[Int(entry.previous)].onset
      for part in 1...Int(entry.skip) {
        beats.append(to + (from - to) * Double(part) / Double(entry.skip))
      }
      best = Int(entry.previous) * count + Int(entry.period)
    }
    return beats.reversed()
  }
}
