internal import Foundation
internal import Inference
internal import ModelFormat
package import MusicFeatures
package import Tensors
internal import VAEGAN

/// The difference between the engines on a window, each with the posteriors of its own encoder.
package struct WindowDifference: Sendable {
  /// The largest difference of any logit under the means of the posteriors.
  package var logits = 0.0
  /// The largest difference of any mean or log variance of the posteriors.
  package var latents = 0.0
  /// The difference of log p(x | z) + log p(z) − log q(z | x) for latents drawn by libtorch, and of the KL of any
  /// level, in nats/token.
  package var bound = 0.0

  /// Takes the maximum of each figure.
  package mutating func formUnion(_ other: WindowDifference) {
    logits = max(logits, other.logits)
    latents = max(latents, other.latents)
    bound = max(bound, other.bound)
  }
}

extension Engines {
  /// - Parameter window: tokens, with EOS at the end of a piece.
  package func difference(on window: TokenWindow, using generator: Generator) throws -> WindowDifference {
    return try Gradients.unrecorded {
      let batch = try Batch([window], multiple: reference.lengthMultiple)
      guard let heard = try reference.infer(batch, using: nil, training: false) else {
        return WindowDifference(
          logits: largestDifference(nativeLogits(window, []), try referenceLogits(window, nil)),
          bound: abs(try logLikelihood(batch, nil) - logLikelihood(window, [])) / Double(window.tokens.count))
      }
      let posteriors = native.encodeAll(window)
      let logits = nativeLogits(window, posteriors.map(\.mean))
      return WindowDifference(
        logits: largestDifference(logits, try referenceLogits(window, heard.latents)),
        latents: try difference(of: posteriors, heard), bound: try boundDifference(batch, window, posteriors, generator)
      )
    }
  }

  /// The difference of means and log variances, under the means of the level above.
  private func difference(of posteriors: [Posterior], _ heard: Inferred) throws -> Double {
    let pairs = posteriors.map { $0.conditionals(given: $0.mean) }
    let levels = [
      posteriors.map(\.global), pairs.flatMap { $0.phrases.map(\.posterior) },
      pairs.flatMap { $0.locals.map(\.posterior) },
    ]
    return try zip(levels, heard.posteriors.all).reduce(0.0) { most, level in
      let (native, reference) = level
      let means = native.flatMap(\.mean)
      let logVariances = native.flatMap(\.logVariance)
      return max(
        most, largestDifference(means, try reference.mean.floats().prefix(means.count)),
        largestDifference(logVariances, try reference.logVariance.floats().prefix(logVariances.count)))
    }
  }
}
