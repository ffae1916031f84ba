internal import Foundation
internal import Inference
internal import ModelFormat
package import Tensors
internal import VAEGAN

/// How far the engines are apart on a window, each with what its own encoder hears in it.
package struct WindowDifference: Sendable {
  /// Of any logit under the means of the posteriors.
  package var logits = 0.0
  /// Of any mean or log variance of the posteriors.
  package var latents = 0.0
  /// Of log p(x | z) + log p(z) − log q(z | x) for latents drawn by libtorch, and of the KL of any level: in nats/token.
  package var bound = 0.0

  /// The larger of each.
  package mutating func formUnion(_ other: WindowDifference) {
    logits = max(logits, other.logits)
    latents = max(latents, other.latents)
    bound = max(bound, other.bound)
  }
}

extension Engines {
  /// - Parameter window: tokens, and EOS at the end of a piece.
  package func difference(on window: [UInt16], using generator: Generator) throws -> WindowDifference {
    let tokens = window.map(Int.init)
    return try Gradients.unrecorded {
      let batch = try Batch([window], multiple: reference.lengthMultiple)
      guard let heard = try reference.infer(batch, using: nil, training: false) else {
        return WindowDifference(
          logits: largestDifference(nativeLogits(tokens, nil), try referenceLogits(tokens, nil)),
          bound: abs(try logLikelihood(batch, nil) - logLikelihood(tokens, nil)) / Double(tokens.count))
      }
      let posterior = native.encode(tokens)
      let logits = nativeLogits(tokens, posterior.mean)
      return WindowDifference(
        logits: largestDifference(logits, try referenceLogits(tokens, heard.latents)),
        latents: try difference(of: posterior, heard), bound: try boundDifference(batch, tokens, posterior, generator))
    }
  }

  /// Of means and log variances, under the means of the level above.
  private func difference(of posterior: Posterior, _ heard: Inferred) throws -> Double {
    let mean = posterior.mean
    let pairs = posterior.conditionals(given: mean)
    let levels = [[posterior.global], pairs.phrases.map(\.posterior), pairs.locals.map(\.posterior)]
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
