internal import Glibc
internal import MusicCore

/// A Markov chain over 24 keys: log evidence for each key at each step, and a cost of changing keys.
struct KeyChain {
  private static let count = Key.count
  /// Steps × 24.
  private let scores: [Double]
  private let steps: Int
  /// From × to, symmetric.
  private let costs: [Double]
  private let cheapestChange: Double

  /// The chain of at least one step.
  init(_ scores: [Double], _ settings: LocalKeys.Settings) {
    self.scores = scores
    cheapestChange = settings.change
    steps = scores.count / Self.count
    costs = LocalKeys.distances(parallel: settings.parallel).enumerated().flatMap { from, row in
      row.enumerated().map { to, distance in from == to ? 0 : settings.change + settings.fifth * distance }
    }
  }

  /// The most probable sequence of keys (Viterbi 1967).
  func likeliestPath() -> [Int] {
    let count = Self.count
    var best = Array(scores[..<count])
    var next = best
    var cameFrom = [UInt8](repeating: 0, count: (steps - 1) * count)
    for step in 1..<max(1, steps) {
      let origins = (step - 1) * count
      for key in 0..<count { (next[key], cameFrom[origins + key]) = (best[key], UInt8(key)) }
      // From a key that is better than the worst by less than a change costs, none is reached at a gain.
      let least = (best.min() ?? 0) + cheapestChange
      for previous in 0..<count where best[previous] > least {
        for key in 0..<count {
          let score = best[previous] - costs[previous * count + key]
          if score > next[key] { (next[key], cameFrom[origins + key]) = (score, UInt8(previous)) }
        }
      }
      for key in 0..<count { best[key] = next[key] + scores[step * count + key] }
    }
    var key = best.indices.max { best[$0] < best[$1] } ?? 0
    var path = [key]
    for step in (0..<steps - 1).reversed() {
      key = Int(cameFrom[step * count + key])
      path.append(key)
    }
    return path.reversed()
  }

  /// The probability of the key of a path at each step given all of them, by the forward-backward algorithm (Rabiner 1989).
  func posteriors(of path: [Int]) -> [Double] {
    let count = Self.count
    let weights = costs.map { exp(-$0) }
    func row(_ step: Int, of values: [Double]) -> ArraySlice<Double> { values[step * count..<(step + 1) * count] }
    var emissions: [Double] = []
    emissions.reserveCapacity(scores.count)
    for step in 0..<steps {
      let scores = row(step, of: scores)
      let greatest = scores.max() ?? 0
      for score in scores { emissions.append(exp(score - greatest)) }
    }
    func passed(_ values: [Double]) -> [Double] {
      var through = [Double](repeating: 0, count: count)
      for other in 0..<count {
        for key in 0..<count { through[key] += values[other] * weights[other * count + key] }
      }
      return Self.normalized(through)
    }
    var last = Self.normalized(Array(row(0, of: emissions)))
    var forward = last
    forward.reserveCapacity(scores.count)
    for step in 1..<max(1, steps) {
      last = Self.normalized(zip(passed(last), row(step, of: emissions)).map(*))
      forward += last
    }
    var backward = Array(repeating: 1.0, count: count)
    var result = [Double](repeating: 0, count: path.count)
    for step in (0..<steps).reversed() {
      result[step] = Self.normalized(zip(row(step, of: forward), backward).map(*))[path[step]]
      backward = passed(zip(backward, row(step, of: emissions)).map(*))
    }
    return result
  }

  private static func normalized(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return sum > 0 ? values.map { $0 / sum } : values
  }
}
