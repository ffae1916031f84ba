package import Datasets
internal import FoundationEssentials
internal import ModelFormat
internal import Text

/// The progress of a run: all that a checkpoint contains in addition to tensors.
package struct Progress: Codable, Hashable, Sendable {
  /// The number of steps, skipped ones included.
  package internal(set) var step = 0
  /// The number of tokens of these steps, without padding.
  package internal(set) var tokens = 0
  /// The training time in seconds.
  package internal(set) var seconds = 0.0
  /// The number of skipped steps, whose loss or gradient was not finite.
  package internal(set) var skippedSteps = 0
  var skippedInARow = 0
  package internal(set) var position = Batches.Position()
  /// The window length that the position refers to.
  var windowLength: Int
  /// The step and number of tokens that determine the augmentation of the windows at the position.
  var treatedStep = 0
  var treatedTokens = 0
  var klWeight: KLWeight
  /// The sums for the next line of metrics.
  var sums = LossSums()
  /// The lowest held-out bound so far, that of the model saved as the best, in nats per token.
  package internal(set) var best: Double?
  var evaluationsSinceBest = 0
  /// The step of the last evaluation.
  var evaluatedStep: Int?
  var optimizerStep = 0
  var averageStep = 0
  /// The additional state of an adversarial run.
  var adversarial: AdversarialProgress?

  init(_ settings: Settings) {
    windowLength = LengthCurriculum(settings)(0)
    klWeight = KLWeight(settings.kl)
  }
}

extension Progress {
  /// Reads the output of `json()`; nil if it is invalid.
  init?(json: [UInt8]) {
    guard let value = try? JSONDecoder().decode(Self.self, from: FoundationEssentials.Data(json)) else { return nil }
    self = value
  }

  func json() throws -> [UInt8] { try JSONText.bytes(of: self) }

  /// Whether the values are possible for a model with this configuration, since a file may be corrupt.
  func isPossible(for configuration: Configuration) -> Bool {
    let ofPlan = configuration.latents.map { $0.plan.windows * $0.windowLength } ?? 0
    let longest = max(configuration.window, ofPlan)
    let counts = [
      step, tokens, skippedSteps, skippedInARow, position.epoch, position.window, evaluationsSinceBest, optimizerStep,
      averageStep, treatedStep, treatedTokens, sums.windows, sums.tokens, sums.steps,
    ]
    // The largest number of tokens that a setting allows; counting on from there cannot overflow.
    let most = 1_000_000_000_000_000_000
    return seconds >= 0 && (2...longest).contains(windowLength) && counts.allSatisfy { (0...most).contains($0) }
  }
}
