internal import Glibc
internal import MusicCore

/// A Markov chain over 24 keys: log evidence for each key at each step, and a cost of changing keys.
struct KeyChain {
  private static let count = Key.count
  /// The log evidence, steps × 24.
  private let scores: [Double]
  private let steps: Int
  /// The costs of key changes, a symmetric matrix.
  private let costs: [Double]
  private let cheapestChange: Double

  /// Creates a chain of at least one step.
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
      // A change pays off only from a key that is better than the worst one by more than the cost of a change.
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

  /// The posterior probability of the key of a path at each step, by the forward-backward algorithm (Rabiner 1989).
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
    // Scratch memory of `pass`.
    var sums = [Double](repeating: 0, count: count)
    var current = Array(row(0, of: emissions))
    Self.normalize(&current)
    var forward = current
    forward.reserveCapacity(scores.count)
    for step in 1..<max(1, steps) {
      Self.pass(&current, weights, &sums)
      Self.multiply(&current, by: row(step, of: emissions))
      Self.normalize(&current)
      forward += current
    }
    var backward = Array(repeating: 1.0, count: count)
    var result = [Double](repeating: 0, count: path.count)
    for step in (0..<steps).reversed() {
      current = backward
      Self.multiply(&current, by: row(step, of: forward))
      Self.normalize(&current)
      result[step] = current[path[step]]
      Self.multiply(&backward, by: row(step, of: emissions))
      Self.pass(&backward, weights, &sums)
    }
    return result
  }

  /// Multiplies the values of the keys by the transition matrix and normalizes them.
  private static func pass(_ values: inout [Double], _ weights: [Double], _ sums: inout [Double]) {
    for key in 0..<count { sums[key] = 0 }
    for other in 0..<count {
      let value = values[other]
      for key in 0..<count { sums[key] += value * weights[other * count + key] }
    }
    swap(&values, &sums)
    normalize(&values)
  }

  private static func multiply(_ values: inout [Double], by row: ArraySlice<Double>) {
    for (key, factor) in row.enumerated() { values[key] *= factor }
  }

  private static func normalize(_ values: inout [Double]) {
    let sum = values.reduce(0, +)
    if sum > 0 { for index in values.indices { values[index] /= sum } }
  }
}
