package import Tensors

/// The loss whose gradient is the policy gradient of sampled tokens (REINFORCE, Williams 1992).
package enum PolicyGradient {
  /// The mean over the tokens that count of −log p(token) times its advantage. Scalar.
  ///
  /// - Parameters:
  ///   - nats: −log p of each token under the policy, [b, n].
  ///   - advantages: how much better than expected what followed was; 0 for tokens that nobody sampled: [b, n].
  ///   - count: how many tokens were sampled.
  package static func loss(nats: Tensor, advantages: Tensor, count: Int) throws(TensorError) -> Tensor {
    try (nats * advantages.detached()).sum() / Double(max(1, count))
  }
}
