public import Datasets
internal import FoundationEssentials

/// How far a run is: all that a checkpoint holds beside tensors.
public struct Progress: Codable, Hashable, Sendable {
  /// Batches that were learned from or skipped.
  public internal(set) var step = 0
  /// Tokens of these batches, padding not counted.
  public internal(set) var tokens = 0
  /// Time spent on them.
  public internal(set) var seconds = 0.0
  /// Steps that changed nothing because loss or gradient were not finite.
  public internal(set) var skippedSteps = 0
  var skippedInARow = 0
  public internal(set) var position = Batches.Position()
  /// The length of windows that the position counts in.
  var windowLength: Int
  var klWeight: KLWeight
  /// What the next line of metrics will be the mean of.
  var sums = LossSums()
  /// The lowest held-out bound of a model that was saved as the best, in nats/token.
  public internal(set) var best: Double?
  var evaluationsSinceBest = 0
  /// The step after which the last evaluation was.
  var evaluatedStep: Int?
  var optimizerStep = 0
  var averageStep = 0

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

  func json() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

  /// Whether a run of a model with such windows can be so far; a file may say anything.
  func isPossible(window: Int) -> Bool {
    let counts = [
      step, tokens, skippedSteps, skippedInARow, position.epoch, position.window, evaluationsSinceBest, optimizerStep,
      averageStep, sums.windows, sums.tokens, sums.steps,
    ]
    // As many tokens as a setting can ask for. Who counts on from there does not come to the largest Int.
    let most = 1_000_000_000_000_000_000
    return seconds >= 0 && (2...window).contains(windowLength) && counts.allSatisfy { (0...most).contains($0) }
  }
}
