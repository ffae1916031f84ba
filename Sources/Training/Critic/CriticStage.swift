package import ModelFormat

/// Which towers of a critic learn (progressive training): the local one, then that of phrases too, then all.
package enum CriticStage: Int, Codable, CaseIterable, Sendable {
  case local, phrase, all

  /// How much each scale counts.
  package var weights: PerLevel<Double> {
    switch self {
    case .local: PerLevel(global: 0, phrase: 0, local: 1)
    case .phrase: PerLevel(global: 0, phrase: 0.4, local: 0.6)
    case .all: CriticConfiguration.weights
    }
  }

  /// The scale that began to learn last: when it is learned, the next stage begins.
  package var newest: Configuration.Level {
    switch self {
    case .local: .local
    case .phrase: .phrase
    case .all: .global
    }
  }

  /// The stage of the next step: that of its number, or a later one where the newest tower tells the sides apart already.
  ///
  /// - Parameter accuracy: the share of the newest tower's windows that were told apart lately.
  package func next(step: Int, _ settings: Settings.Critic, accuracy: Double) -> CriticStage {
    let share = Double(step) / Double(settings.steps)
    let due: CriticStage = share < settings.phraseShare ? .local : share < settings.globalShare ? .phrase : .all
    let learned = accuracy > settings.stageAccuracy ? CriticStage(rawValue: rawValue + 1) ?? self : self
    return CriticStage(rawValue: max(rawValue, due.rawValue, learned.rawValue)) ?? .all
  }
}

/// How far the training of a critic is: all that its checkpoint holds beside tensors.
package struct CriticProgress: Codable, Hashable, Sendable {
  package internal(set) var step = 0
  package internal(set) var stage = CriticStage.local
  /// The moving share of windows of the newest tower that are told apart.
  var accuracy = 0.5
  var seconds = 0.0
  var optimizerStep = 0
}
