internal import Glibc
internal import MusicCore

/// A Markov chain over 24 keys: log evidence for each key at each step, and a cost of changing keys.
struct KeyChain {
  private static let count = Key.count
  private let scores: [[Double]]
  private let costs: [[Double]]

  /// The chain of at least one step.
  init(_ scores: [[Double]], _ settings: LocalKeys.Settings) {
    self.scores = scores
    costs = LocalKeys.distances(parallel: settings.parallel).enumerated().map { from, row in
      row.enumerated().map { to, distance in from == to ? 0 : settings.change + settings.fifth * distance }
    }
  }

  /// The most probable sequence of keys (Viterbi 1967).
  func likeliestPath() -> [Int] {
    let count = Self.count
    var best = scores[0]
    var cameFrom: [UInt8] = []
    cameFrom.reserveCapacity(scores.count * count)
    for step in scores.dropFirst() {
      var next = best
      for key in 0..<count {
        var origin = key
        for previous in 0..<count where best[previous] - costs[previous][key] > next[key] {
          next[key] = best[previous] - costs[previous][key]
          origin = previous
        }
        cameFrom.append(UInt8(origin))
      }
      for key in 0..<count { best[key] = next[key] + step[key] }
    }
    var key = best.indices.max { best[$0] < best[$1] } ?? 0
    var path = [key]
    for step in (0..<scores.count - 1).reversed() {
      key = Int(cameFrom[step * count + key])
      path.append(key)
    }
    return path.reversed()
  }

  /// The probability of the key of a path at each step given all of them, by the forward-backward algorithm (Rabiner 1989).
  func posteriors(of path: [Int]) -> [Double] {
    let weights = costs.map { $0.map { exp(-$0) } }
    let emissions = scores.map { step in
      let greatest = step.max() ?? 0
      return step.map { exp($0 - greatest) }
    }
    func passed(_ values: [Double]) -> [Double] {
      // The cost of a change is symmetric.
      let through = (0..<Self.count).map { key in
        var sum = 0.0
        for other in 0..<Self.count { sum += values[other] * weights[other][key] }
        return sum
      }
      return Self.normalized(through)
    }
    var forward = [Self.normalized(emissions[0])]
    for step in emissions.dropFirst() {
      forward.append(Self.normalized(zip(passed(forward[forward.count - 1]), step).map(*)))
    }
    var backward = Array(repeating: 1.0, count: Self.count)
    var result = [Double](repeating: 0, count: path.count)
    for step in emissions.indices.reversed() {
      result[step] = Self.normalized(zip(forward[step], backward).map(*))[path[step]]
      backward = passed(zip(backward, emissions[step]).map(*))
    }
    return result
  }

  private static func normalized(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return sum > 0 ? values.map { $0 / sum } : values
  }
}
