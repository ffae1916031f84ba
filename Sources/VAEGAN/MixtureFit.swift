internal import Foundation

/// A mixture of Gaussians with diagonal covariance, fitted to samples by expectation maximization (Dempster, Laird & Rubin,
/// "Maximum likelihood from incomplete data via the EM algorithm", 1977).
struct MixtureFit {
  private(set) var logWeights: [Double]
  private(set) var means: [[Double]]
  private(set) var logVariances: [[Double]]

  /// The number of pseudo-samples with the mean and variance of all samples that count in each component, so that a
  /// component of few samples stays wide.
  private static let priorCount = 4.0
  private static let iterations = 50

  /// - Complexity: O(iterations · samples · components · dimensions).
  /// - Precondition: There are at least as many samples as components, of equal dimensions, in random order.
  init(_ samples: [[Double]], components: Int) {
    precondition(samples.count >= components, "each component begins at a sample")
    let overall = Self.moments(of: samples, weights: Array(repeating: 1, count: samples.count), prior: nil)
    // Components begin halfway between samples and the mean of all.
    means = (0..<components).map { component in
      zip(samples[component * samples.count / components], overall.mean).map { ($0 + $1) / 2 }
    }
    logVariances = Array(repeating: overall.variance.map(log), count: components)
    logWeights = Array(repeating: -log(Double(components)), count: components)
    for _ in 0..<Self.iterations {
      let shares = samples.map(self.shares)
      for component in 0..<components {
        let weights = shares.map { $0[component] }
        let moments = Self.moments(of: samples, weights: weights, prior: overall)
        means[component] = moments.mean
        logVariances[component] = moments.variance.map(log)
        logWeights[component] = log((weights.reduce(0, +) + 1) / Double(samples.count + components))
      }
    }
  }

  /// The posterior probability of each component, given a sample.
  private func shares(_ sample: [Double]) -> [Double] {
    var densities = logWeights
    for component in densities.indices {
      for (index, value) in sample.enumerated() {
        let (distance, logVariance) = (value - means[component][index], logVariances[component][index])
        densities[component] -= 0.5 * (distance * distance * exp(-logVariance) + logVariance)
      }
    }
    let best = densities.max() ?? 0
    let weights = densities.map { exp($0 - best) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  private typealias Moments = (mean: [Double], variance: [Double])

  /// The weighted mean and variance of each dimension.
  ///
  /// - Parameter prior: the moments that `priorCount` further samples have.
  private static func moments(of samples: [[Double]], weights: [Double], prior: Moments?) -> Moments {
    let dimensions = samples[0].count
    let more = prior == nil ? 0 : priorCount
    let total = weights.reduce(more, +)
    var moments: Moments = (prior?.mean.map { more * $0 } ?? Array(repeating: 0, count: dimensions), [])
    for (sample, weight) in zip(samples, weights) {
      for index in 0..<dimensions { moments.mean[index] += weight * sample[index] }
    }
    moments.mean = moments.mean.map { $0 / total }
    moments.variance = prior?.variance.map { more * $0 } ?? Array(repeating: 1e-6, count: dimensions)
    for (sample, weight) in zip(samples, weights) {
      for index in 0..<dimensions {
        let distance = sample[index] - moments.mean[index]
        moments.variance[index] += weight * distance * distance
      }
    }
    moments.variance = moments.variance.map { $0 / total }
    return moments
  }
}
