internal import Glibc
internal import MusicCore

/// Groups beats into bars: the most likely places in bars of two, three or four beats (a Viterbi path), and whether
/// beats have two parts or three.
struct BarDecoder {
  /// Cost of another bar length, and of a bar that is cut short.
  var change = 3.0
  /// Added to the log odds of every downbeat, since the network underestimates them.
  var bias = 0.5

  struct Bars {
    var downbeats: [Int]
    var meters: [(beat: Int, meter: Meter)]
  }

  /// A beat's place in a bar.
  private struct Place {
    var length: Int
    var index: Int
  }

  private static let places = [2, 3, 4].flatMap { length in
    (0..<length).map { Place(length: length, index: $0) }
  }

  /// Bars of beats given in seconds. O(beats + chords).
  func bars(beats: [Double], chords: [OnsetGroup], network: BeatNetwork.Output) -> Bars {
    let probabilities = downbeatProbabilities(beats: beats, chords: chords, network: network)
    let path = bestPath(probabilities)
    let isCompound = Self.isCompound(beats: beats, chords: chords)
    var bars = Bars(downbeats: [], meters: [])
    var length = 0
    for (beat, place) in path.enumerated() {
      if place.index == 0 { bars.downbeats.append(beat) }
      if place.length != length {
        length = place.length
        bars.meters.append((beat, Meter(beats: length, isCompound: isCompound)))
      }
    }
    return bars
  }

  /// The probability of each beat to begin a bar, given that it is a beat.
  private func downbeatProbabilities(
    beats: [Double],
    chords: [OnsetGroup],
    network: BeatNetwork.Output
  ) -> [Double] {
    var index = 0
    return beats.map { time in
      while index + 1 < chords.count, abs(chords[index + 1].onset - time) <= abs(chords[index].onset - time) {
        index += 1
      }
      guard abs(chords[index].onset - time) < 0.07 else { return 0.2 }
      let downbeat = 1 / (1 + exp(-Double(network.downbeat[index])))
      let beat = 1 / (1 + exp(-Double(network.beat[index])))
      let share = min(max(downbeat / max(beat, downbeat), 0.02), 0.98)
      return 1 / (1 + exp(-bias) * (1 - share) / share)
    }
  }

  private func bestPath(_ probabilities: [Double]) -> [Place] {
    let places = Self.places
    var scores = [Double](repeating: 0, count: places.count)
    var origins: [[Int]] = []
    for probability in probabilities {
      var next = scores
      var origin = Array(places.indices)
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      for (index, place) in places.enumerated() {
        // In a bar the beat before is the place before; a bar begins after a whole one, or anywhere at a cost.
        let regular = place.index > 0 ? index - 1 : index + place.length - 1
        origin[index] = regular
        next[index] = scores[regular]
        if place.index == 0, scores[best] - change > next[index] {
          (origin[index], next[index]) = (best, scores[best] - change)
        }
        next[index] += log(place.index == 0 ? probability : 1 - probability)
      }
      scores = next
      origins.append(origin)
    }
    var index = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    var path: [Place] = []
    for origin in origins.reversed() {
      path.append(places[index])
      index = origin[index]
    }
    return path.reversed()
  }

  /// Whether onsets between beats lie at thirds more than at halves and quarters.
  static func isCompound(beats: [Double], chords: [OnsetGroup]) -> Bool {
    var (ternary, binary) = (0, 0)
    var index = 0
    for (beat, next) in zip(beats, beats.dropFirst()) {
      while index < chords.count, chords[index].onset < next {
        let phase = (chords[index].onset - beat) / (next - beat)
        if abs(phase - 1 / 3) < 0.06 || abs(phase - 2 / 3) < 0.06 { ternary += 1 }
        if abs(phase - 1 / 2) < 0.08 { binary += 2 }
        index += 1
      }
    }
    return ternary > binary
  }
}
