internal import Foundation

/// Linear warm-up, then cosine decay (Loshchilov & Hutter 2017).
package struct LearningRate: Codable, Hashable, Sendable {
  package var peak: Double
  /// The final rate as a share of the peak.
  package var finalShare: Double
  package var warmUpSteps: Int
  package var steps: Int

  package init(peak: Double, finalShare: Double = 0.1, warmUpSteps: Int, steps: Int) {
    self.peak = peak
    self.finalShare = finalShare
    self.warmUpSteps = warmUpSteps
    self.steps = steps
  }

  /// The learning rate of a step, counted from 0.
  package func callAsFunction(_ step: Int) -> Double {
    if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
    let progress = min(1, Double(step - warmUpSteps) / Double(max(1, steps - warmUpSteps)))
    return peak * (finalShare + (1 - finalShare) * (1 + cos(.pi * progress)) / 2)
  }
}
