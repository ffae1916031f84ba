package import Tensors

/// The loss whose gradient is the policy gradient of sampled tokens (REINFORCE, Williams 1992).
package enum PolicyGradient {
  /// The mean over the sampled tokens of −log p(token) times the advantage. Scalar.
  ///
  /// - Parameters:
  ///   - nats: −log p of each token under the policy, [b, n].
  ///   - advantages: the advantage of each token; 0 for tokens that were not sampled: [b, n].
  ///   - count: the number of sampled tokens.
  package static func loss(nats: Tensor, advantages: Tensor, count: Int) throws(TensorError) -> Tensor {
    try (nats * advantages.detached()).sum() / Double(max(1, count))
  }
}
