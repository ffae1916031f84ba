internal import Glibc
internal import MusicCore

/// A Gaussian with a diagonal covariance.
public struct Gaussian: Hashable, Sendable {
  /// The mean of each dimension.
  public var mean: [Float]
  /// The natural logarithm of the variance of each dimension.
  public var logVariance: [Float]

  /// Creates a Gaussian.
  public init(mean: [Float], logVariance: [Float]) {
    precondition(mean.count == logVariance.count, "a mean and a variance for each dimension")
    self.mean = mean
    self.logVariance = logVariance
  }

  /// N(0, I).
  static func standard(_ dimensions: Int) -> Gaussian {
    Gaussian(mean: Array(repeating: 0, count: dimensions), logVariance: Array(repeating: 0, count: dimensions))
  }

  /// Creates a Gaussian from a network's outputs `m, s`: mean m, and log σ² = 6 tanh(s / 6).
  init(_ outputs: [Float]) {
    let dimensions = outputs.count / 2
    mean = Array(outputs[..<dimensions])
    logVariance = outputs[dimensions...].map { 6 * tanh($0 / 6) }
  }

  /// Creates a Gaussian from a network's outputs.
  init(_ outputs: UnsafePointer<Float>, dimensions: Int) {
    mean = (0..<dimensions).map { outputs[$0] }
    logVariance = (0..<dimensions).map { 6 * tanh(outputs[dimensions + $0] / 6) }
  }

  /// The normalized product of two densities: precisions add, and the mean is weighted by them.
  func multiplied(by other: Gaussian) -> Gaussian {
    var result = self
    for index in mean.indices {
      let precision = exp(-logVariance[index])
      let others = exp(-other.logVariance[index])
      result.mean[index] = (mean[index] * precision + other.mean[index] * others) / (precision + others)
      result.logVariance[index] = -log(precision + others)
    }
    return result
  }

  /// A random sample.
  public func sample(using generator: inout some RandomNumberGenerator) -> [Float] {
    mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * generator.nextNormal() }
  }

  /// The natural logarithm of the density at a point.
  public func logDensity(_ z: [Float]) -> Double {
    mean.indices.reduce(0) { sum, index in
      let deviation = Double(z[index] - mean[index])
      let logVariance = Double(logVariance[index])
      return sum - 0.5 * (log(2 * .pi) + logVariance + deviation * deviation * exp(-logVariance))
    }
  }

  /// KL(self ‖ other) in nats (Kingma & Welling 2014, appendix B).
  public func divergence(from other: Gaussian) -> Double {
    mean.indices.reduce(0) { sum, index in
      let ratio = Double(logVariance[index] - other.logVariance[index])
      let deviation = Double(mean[index] - other.mean[index])
      return sum + 0.5 * (exp(ratio) + deviation * deviation * exp(-Double(other.logVariance[index])) - 1 - ratio)
    }
  }
}

extension RandomNumberGenerator {
  /// A sample from N(0, 1) (Box & Muller 1958).
  mutating func nextNormal() -> Float {
    // In (0, 1]: the logarithm is finite.
    let radius = sqrt(-2 * log(uniform() + 0x1p-53))
    return Float(radius * cos(2 * .pi * uniform()))
  }
}
