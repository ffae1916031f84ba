internal import Foundation

/// Weights of the terms of a loss by their uncertainty (Kendall 2018): term i contributes exp(−sᵢ) Lᵢ + sᵢ, with learned
/// log variances s, so that at the optimum, sᵢ = log Lᵢ, the gradient of each term is relative to its value.
package struct UncertaintyWeights: Codable, Hashable, Sendable {
  private var logVariances: [String: Double] = [:]

  package init() {}

  package func weight(of term: String) -> Double { exp(-(logVariances[term] ?? 0)) }

  /// A step of gradient descent on the log variance of a term with the given loss, which must be positive.
  package mutating func learn(_ term: String, loss: Double, rate: Double = 0.05) {
    let gradient = 1 - weight(of: term) * loss
    // Bounded, since a term that is by far too large would dominate a single step.
    logVariances[term, default: 0] -= rate * max(-10, gradient)
  }
}
