internal import ModelFormat

/// The length curriculum: windows are short at first and double in length at equal intervals up to the full window.
package struct LengthCurriculum: Hashable, Sendable {
  /// The lengths in order, the last of them the full window.
  package let lengths: [Int]
  package let steps: Int

  /// - Parameters:
  ///   - first: The first length in tokens; nil for full windows throughout.
  ///   - steps: The number of steps until windows have their full length.
  package init(first: Int?, window: Int, steps: Int) {
    self.steps = steps
    var lengths: [Int] = []
    var length = first ?? window
    while length < window {
      lengths.append(length)
      length *= 2
    }
    self.lengths = lengths + [window]
  }

  package init(_ settings: Settings) {
    switch settings.model.learningPart {
    case .all, .charts:
      self.init(first: settings.batch.firstLength, window: settings.model.window, steps: settings.batch.curriculumSteps)
    case .prior:
      let latents = settings.model.latents
      self.init(first: nil, window: latents.plan.windows * latents.windowLength, steps: 0)
    }
  }

  /// The window length of a step, counted from 0.
  package func callAsFunction(_ step: Int) -> Int {
    guard step < steps else { return lengths[lengths.count - 1] }
    return lengths[step * (lengths.count - 1) / steps]
  }
}
