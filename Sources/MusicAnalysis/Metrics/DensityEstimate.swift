internal import Glibc

/// A Gaussian kernel density estimate with Scott's bandwidth (Scott 1992), equal to SciPy's `gaussian_kde`.
struct DensityEstimate {
  /// Sorted samples; large sets are represented by evenly spaced quantiles.
  let samples: [Double]
  private let bandwidth: Double
  private static let mostSamples = 4000
  private static let gridPoints = 1000

  /// The density of sorted samples; nil if all are equal.
  init?(sorted: [Double]) {
    let count = Double(sorted.count)
    guard sorted.count > 1 else { return nil }
    let mean = sorted.reduce(0, +) / count
    let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    guard variance > 1e-18 else { return nil }
    bandwidth = variance.squareRoot() * pow(count, -0.2)
    samples =
      sorted.count <= Self.mostSamples
      ? sorted : (0..<Self.mostSamples).map { sorted[$0 * (sorted.count - 1) / (Self.mostSamples - 1)] }
  }

  /// The density at ascending points.
  func values(at points: [Double]) -> [Double] {
    let scale = 1 / (bandwidth * (2 * Double.pi).squareRoot() * Double(samples.count))
    var first = 0
    return points.map { point in
      // A kernel beyond nine bandwidths contributes less than the rounding error.
      while first < samples.count, samples[first] < point - 9 * bandwidth { first += 1 }
      var sum = 0.0
      for sample in samples[first...] {
        let distance = (sample - point) / bandwidth
        if distance > 9 { break }
        sum += exp(-0.5 * distance * distance)
      }
      return sum * scale
    }
  }

  private static func grid(_ low: Double, _ high: Double) -> [Double] {
    (0..<gridPoints).map { low + (high - low) * Double($0) / Double(gridPoints - 1) }
  }

  /// The overlapping area of two densities, 0…1, between the minimum and the maximum of their samples.
  func overlapArea(_ other: Self) -> Double {
    let low = min(samples[0], other.samples[0])
    let high = max(samples[samples.count - 1], other.samples[other.samples.count - 1])
    let points = Self.grid(low, high)
    let least = zip(values(at: points), other.values(at: points)).map { min($0, $1) }
    let step = (high - low) / Double(Self.gridPoints - 1)
    return step * (least.reduce(0, +) - (least[0] + least[least.count - 1]) / 2)
  }

  /// The Kullback–Leibler divergence in nats by the definition of mgeval: each density is sampled at 1000 points over its
  /// own range. Nil if it is infinite.
  func divergence(from other: Self) -> Double? {
    func shares(_ density: Self) -> [Double] {
      let values = density.values(at: Self.grid(density.samples[0], density.samples[density.samples.count - 1]))
      let total = values.reduce(0, +)
      return values.map { $0 / total }
    }
    let sum = zip(shares(self), shares(other)).reduce(0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
    return sum.isFinite ? sum : nil
  }
}
