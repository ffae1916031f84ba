package import MusicAnalysis
package import MusicCore

/// The key that answers keep to: estimated from what the human plays, or fixed.
///
/// A key is adopted at a confidence of 0.8, where it is correct in at least 96 % of windows (docs/live.md), and dropped
/// below 0.6. Another key must lead for three seconds before it replaces it.
package struct KeyFollower: Sendable {
  package enum Mode: Hashable, Sendable {
    case off
    case auto
    case fixed(Scale)
  }

  package let mode: Mode
  /// The adopted key; nil if there is none, or if the key is fixed.
  package private(set) var key: Key?
  /// Whether the key is locked.
  package var isLocked = false
  private var rival: (key: Key, since: Tick)?

  package static let bindingConfidence = 0.8
  static let leavingConfidence = 0.6
  private static let switchDelay = Tick(ofSession: 3)

  package init(_ mode: Mode) { self.mode = mode }

  /// Receives a new estimate of the key of the recent music.
  package mutating func follow(_ estimate: KeyEstimate?, at time: Tick) {
    follow(estimate.map { ($0.name, $0.confidence) }, at: time)
  }

  package mutating func follow(_ estimate: (key: Key, confidence: Double)?, at time: Tick) {
    guard mode == .auto, !isLocked else { return }
    guard let estimate, estimate.confidence >= Self.leavingConfidence else {
      (key, rival) = (nil, nil)
      return
    }
    guard estimate.key != key else {
      rival = nil
      return
    }
    guard estimate.confidence >= Self.bindingConfidence else { return }
    if key == nil {
      (key, rival) = (estimate.key, nil)
    } else if let rival, rival.key == estimate.key {
      if time - rival.since >= Self.switchDelay { (key, self.rival) = (estimate.key, nil) }
    } else {
      rival = (estimate.key, time)
    }
  }

  /// The pitch classes that notes may start on; nil for all.
  ///
  /// - Parameter heard: the recent duration of each pitch class. Those with more than 3 % of the total are always
  ///   allowed, so chromatic playing gets chromatic answers.
  package func pitchClasses(heard: [Double]) -> PitchClassSet? {
    switch mode {
    case .off: return nil
    case .fixed(let scale): return scale.pitchClasses
    case .auto:
      guard let key else { return nil }
      var classes = key.scaleWithLeadingTone
      let total = heard.reduce(0, +)
      for index in heard.indices where total > 0 && heard[index] > 0.03 * total {
        classes.insert(PitchClass(semitones: index))
      }
      return classes
    }
  }
}
