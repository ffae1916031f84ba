import Foundation
import MusicAnalysis
import TestSupport
import Testing

/// An exhaustive version of `BeatDecoder`'s search, without pruning: all pairs of beats, periods and positions in the
/// bar.
private struct ExhaustiveSearch {
  struct State: Hashable {
    var onset: Int
    var period: Int
    var place: Int
  }

  var onsets: [Double]
  /// For each onset, the score of each position in the bar; then that of each period, per second.
  var evidence: [[Float]]
  var periods: [[Double]]
  var decoder: BeatDecoder

  private static let shortest = 0.2
  private static let longest = 2.7

  func best() -> BeatDecoder.Beats {
    var scores: [State: (score: Double, previous: State?, skip: Int)] = [:]
    for onset in onsets.indices {
      for place in BarPlace.all.indices {
        let first = Double(evidence[onset][place]) - (onsets[onset] - onsets[0]) * decoder.lead
        for period in 0..<BeatDecoder.periodCount {
          scores[State(onset: onset, period: period, place: place)] = (first, nil, 0)
        }
      }
      for before in 0..<onset {
        for skip in 1...BeatDecoder.longestSkip { extend(&scores, from: before, to: onset, skip: skip) }
      }
    }
    let last = scores.max { score($0.key, $0.value.score) < score($1.key, $1.value.score) }?.key
    return path(to: last, in: scores)
  }

  private func score(_ state: State, _ score: Double) -> Double {
    score + (onsets[state.onset] - onsets[0]) * decoder.lead
  }

  private func extend(
    _ scores: inout [State: (score: Double, previous: State?, skip: Int)], from before: Int, to onset: Int, skip: Int
  ) {
    let length = (onsets[onset] - onsets[before]) / Double(skip)
    guard (Self.shortest...Self.longest).contains(length) else { return }
    let exact = log(length / Self.shortest) / BeatDecoder.step
    for period in 0..<BeatDecoder.periodCount where abs(period - Int(exact.rounded())) <= 3 {
      let z = (exact - Double(period)) * BeatDecoder.step / decoder.deviation
      let likelihood = (before + 1...onset).reduce(0) { sum, index in
        sum + min(2, onsets[index] - onsets[index - 1]) * periods[index][period]
      }
      for place in BarPlace.all.indices {
        let misses = (1..<max(1, skip)).reduce(0.0) { sum, between in
          let isFirst = BarPlace.all[BarPlace.place(between, before: place)].isFirst
          return sum + decoder.miss + (isFirst ? decoder.missedDownbeat : 0)
        }
        let gain = likelihood - 0.5 * z * z + misses + Double(evidence[onset][place])
        let regular = BarPlace.place(skip, before: place)
        for otherPeriod in 0..<BeatDecoder.periodCount {
          let steps = Double(abs(otherPeriod - period))
          let tempo = min(decoder.tempoChange * BeatDecoder.step * steps, decoder.tempoJump)
          for otherPlace in BarPlace.all.indices where otherPlace == regular || BarPlace.all[regular].isLast {
            let from = State(onset: before, period: otherPeriod, place: otherPlace)
            let state = State(onset: onset, period: period, place: place)
            guard let old = scores[from], let now = scores[state] else { continue }
            let total = old.score + gain - tempo - (otherPlace == regular ? 0 : decoder.barChange)
            if total > now.score { scores[state] = (total, from, skip) }
          }
        }
      }
    }
  }

  private func path(
    to last: State?, in scores: [State: (score: Double, previous: State?, skip: Int)]
  ) -> BeatDecoder.Beats {
    var beats = BeatDecoder.Beats(seconds: [], places: [])
    var state = last
    while let here = state, let entry = scores[here] {
      beats.seconds.append(onsets[here.onset])
      beats.places.append(here.place)
      if let previous = entry.previous {
        let (to, from) = (onsets[here.onset], onsets[previous.onset])
        for part in 1..<max(1, entry.skip) {
          beats.seconds.append(to + (from - to) * Double(part) / Double(entry.skip))
          beats.places.append(BarPlace.place(part, before: here.place))
        }
      }
      state = entry.previous
    }
    return BeatDecoder.Beats(seconds: beats.seconds.reversed(), places: beats.places.reversed())
  }
}

@Suite("Beat search") struct BeatSearchTests {
  @Test("finds the best of all beats, periods and bars", arguments: 0..<3)
  func exact(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed + 1))
    // Longer than the longest distance between two beats.
    var onsets = [0.0]
    for _ in 0..<9 { onsets.append((onsets.last ?? 0) + Double.random(in: 0.15...2.2, using: &random)) }
    var decoder = BeatDecoder()
    // Low enough costs that the best path through random evidence uses each of these.
    decoder.barChange = 2
    decoder.tempoJump = 1.5
    decoder.miss = -0.5
    decoder.missedDownbeat = -0.5
    let evidence = onsets.map { _ in BarPlace.all.map { _ in Float.random(in: -3...3, using: &random) } }
    let periods = onsets.map { _ in
      (0..<BeatDecoder.periodCount).map { _ in Double.random(in: -1...1, using: &random) }
    }
    var search = BeatSearch(onsets: onsets, decoder: decoder)
    for (evidence, periods) in zip(evidence, periods) { search.advance(evidence: evidence, periods: periods) }
    let reference = ExhaustiveSearch(onsets: onsets, evidence: evidence, periods: periods, decoder: decoder).best()
    #expect(search.bestPath() == reference)
  }
}
