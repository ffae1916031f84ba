package import Datasets
internal import FoundationEssentials
internal import ModelFormat
internal import Text

/// How far a run is: all that a checkpoint holds beside tensors.
package struct Progress: Codable, Hashable, Sendable {
  /// Batches that were learned from or skipped.
  package internal(set) var step = 0
  /// Tokens of these batches, padding not counted.
  package internal(set) var tokens = 0
  /// Time spent on them.
  package internal(set) var seconds = 0.0
  /// Steps that changed nothing because loss or gradient were not finite.
  package internal(set) var skippedSteps = 0
  var skippedInARow = 0
  package internal(set) var position = Batches.Position()
  /// The length of windows that the position counts in.
  var windowLength: Int
  /// The step and tokens that the treatment of the position's windows follows from.
  var treatedStep = 0
  var treatedTokens = 0
  var klWeight: KLWeight
  /// What the next line of metrics will be the mean of.
  var sums = LossSums()
  /// The lowest held-out bound of a model that was saved as the best, in nats/token.
  package internal(set) var best: Double?
  var evaluationsSinceBest = 0
  /// The step after which the last evaluation was.
  var evaluatedStep: Int?
  var optimizerStep = 0
  var averageStep = 0
  /// Of an adversarial run.
  var adversarial: AdversarialProgress?

  init(_ settings: Settings) {
    windowLength = LengthCurriculum(settings)(0)
    klWeight = KLWeight(settings.kl)
  }
}

extension Progress {
  /// Reads what `json()` made; nil where it is something else.
  init?(json: [UInt8]) {
    guard let value = try? JSONDecoder().decode(Self.self, from: FoundationEssentials.Data(json)) else { return nil }
    self = value
  }

  func json() throws -> [UInt8] { try JSONText.bytes(of: self) }

  /// Whether a run of a model with such windows can be so far; a file may say anything.
  func isPossible(for configuration: Configuration) -> Bool {
    let ofPlan = configuration.latents.map { $0.plan.windows * $0.windowLength } ?? 0
    let longest = max(configuration.window, ofPlan)
    let counts = [
      step, tokens, skippedSteps, skippedInARow, position.epoch, position.window, evaluationsSinceBest, optimizerStep,
      averageStep, treatedStep, treatedTokens, sums.windows, sums.tokens, sums.steps,
    ]
    // As many tokens as a setting can ask for. Who counts on from there does not come to the largest Int.
    let most = 1_000_000_000_000_000_000
    return seconds >= 0 && (2...longest).contains(windowLength) && counts.allSatisfy { (0...most).contains($0) }
  }
}
