package import Datasets

/// The weights of the sources and the augmentation of the data, step by step.
///
/// Sources are weighted by `data.weights`, and for the last `data.lateShare` of the run by `data.lateWeights`. In the
/// last `data.plainSteps` steps transposition is the only augmentation: changes of tempo and level regularize, but bias
/// the learned distribution.
package struct DataSchedule: Sendable {
  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// The sets of weights that are used at some time of the run.
  var weights: [SourceWeights] {
    let data = settings.data
    return (data.lateShare < 1 ? [data.weights] : []) + (data.lateShare > 0 ? [data.lateWeights] : [])
  }

  /// The treatment (source weights and augmentation) of a step's windows.
  ///
  /// - Parameters:
  ///   - step: counted from 0.
  ///   - tokens: the number of tokens so far, for a run that ends after a number of tokens.
  package func callAsFunction(_ step: Int, tokens: Int) -> Windows.Treatment {
    let data = settings.data
    let left = stepsLeft(step, tokens: tokens)
    let isLate = left <= data.lateShare * (Double(step) + left)
    var augmentation = Augmentation(data)
    if left <= Double(data.plainSteps), data.isAugmented { (augmentation.tempo, augmentation.levels) = (0, 0) }
    return Windows.Treatment(
      augmentation: augmentation, weights: isLate ? data.lateWeights : data.weights, chartShare: data.chartShare)
  }

  private func stepsLeft(_ step: Int, tokens: Int) -> Double {
    let left = Double(settings.length.steps - step)
    guard let limit = settings.length.tokens, tokens > 0, step > 0 else { return left }
    return min(left, Double(limit - tokens) * Double(step) / Double(tokens))
  }
}
