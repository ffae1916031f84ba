internal import Glibc
public import Inference
public import ModelFormat
internal import MusicCore

/// The posterior means of the latents of a window, each given the means of the levels above it.
public struct LatentMeans: Hashable, Sendable {
  /// The mean of the posterior of each segment, by level.
  public var posterior: [Configuration.Level: [[Float]]]
  /// Its distance from the mean of the prior given the same parent, in standard deviations of the prior. For the global
  /// level it is the mean itself.
  public var shift: [Configuration.Level: [[Float]]]

  /// The means of the posteriors of a piece.
  public init(_ posteriors: [Posterior]) {
    (posterior, shift) = ([:], [:])
    for window in posteriors {
      let mean = window.mean
      let (phrases, locals) = window.conditionals(given: mean)
      posterior.merge([.global: [mean.global], .phrase: mean.phrases, .local: mean.locals]) { $0 + $1 }
      shift.merge([.global: [mean.global], .phrase: phrases.map(\.shift), .local: locals.map(\.shift)]) { $0 + $1 }
    }
  }
}

extension LatentPair {
  fileprivate var shift: [Float] {
    zip(zip(posterior.mean, prior.mean), prior.logVariance).map { means, logVariance in
      (means.0 - means.1) * exp(-logVariance / 2)
    }
  }
}

extension [[Float]] {
  /// The number of dimensions with a variance above 0.01 (Burda, Grosse & Salakhutdinov, "Importance weighted
  /// autoencoders", ICLR 2016, §5.2).
  var activeUnits: Int {
    guard let dimensions = first?.count else { return 0 }
    return (0..<dimensions).count { dimension in
      let values = map { Double($0[dimension]) }
      let mean = values.mean ?? 0
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count) > 0.01
    }
  }
}
