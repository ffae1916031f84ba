package import ModelFormat

/// The stages of progressive training: first the local tower is trained, then the phrase tower too, then all.
package enum CriticStage: Int, Codable, CaseIterable, Sendable {
  case local, phrase, all

  /// The weight of each scale.
  package var weights: PerLevel<Double> {
    switch self {
    case .local: PerLevel(global: 0, phrase: 0, local: 1)
    case .phrase: PerLevel(global: 0, phrase: 0.4, local: 0.6)
    case .all: CriticConfiguration.weights
    }
  }

  /// The scale that was added last: its accuracy decides when the next stage begins.
  package var newest: Configuration.Level {
    switch self {
    case .local: .local
    case .phrase: .phrase
    case .all: .global
    }
  }

  /// The stage at a share of the steps of a run.
  ///
  /// - Parameters:
  ///   - phraseShare: the share of the steps in which only the local tower is trained.
  ///   - globalShare: the share of the steps before all are.
  package init(share: Double, phraseShare: Double, globalShare: Double) {
    self = share < phraseShare ? .local : share < globalShare ? .phrase : .all
  }

  /// The stage of the next step: that of its index, or a later one if the newest tower is already accurate enough.
  ///
  /// - Parameter accuracy: the moving average of the newest tower's accuracy on windows.
  package func next(step: Int, _ settings: Settings.Critic, accuracy: Double) -> CriticStage {
    let due = CriticStage(
      share: Double(step) / Double(settings.steps), phraseShare: settings.phraseShare,
      globalShare: settings.globalShare)
    let learned = accuracy > settings.stageAccuracy ? CriticStage(rawValue: rawValue + 1) ?? self : self
    return CriticStage(rawValue: max(rawValue, due.rawValue, learned.rawValue)) ?? .all
  }
}

/// The progress of a critic's training: all that its checkpoint contains in addition to tensors.
package struct CriticProgress: Codable, Hashable, Sendable {
  package internal(set) var step = 0
  package internal(set) var stage = CriticStage.local
  /// The moving average of the newest tower's accuracy on windows.
  var accuracy = 0.5
  var seconds = 0.0
  var optimizerStep = 0
}
