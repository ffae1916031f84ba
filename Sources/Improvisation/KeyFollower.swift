package import MusicAnalysis
package import MusicCore

/// The key that an answer keeps to: found in what the human plays, or given.
///
/// A key is adopted at a confidence of 0.8, where it is right in 96 % of windows or more (docs/live.md), and dropped below
/// 0.6. Another key must lead for three seconds before it replaces it.
package struct KeyFollower: Sendable {
  package enum Mode: Hashable, Sendable {
    case off
    case auto
    case fixed(Scale)
  }

  package let mode: Mode
  /// The key that was adopted; nil for none, or for a fixed one.
  package private(set) var key: Key?
  /// Whether the key is locked.
  package var isLocked = false
  private var rival: (key: Key, since: Tick)?

  package static let bindingConfidence = 0.8
  static let leavingConfidence = 0.6
  private static let patience = Tick(ofSession: 3)

  package init(_ mode: Mode) { self.mode = mode }

  /// Receives an estimate of the key of what was played last.
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
      if time - rival.since >= Self.patience { (key, self.rival) = (estimate.key, nil) }
    } else {
      rival = (estimate.key, time)
    }
  }

  /// The pitch classes that notes may start on; nil for all.
  ///
  /// - Parameter heard: how long each pitch class sounded of late. What took over 3 % of the time is never forbidden:
  ///   chromatic playing gets chromatic answers.
  package func pitchClasses(heard: [Double]) -> PitchClassSet? {
    switch mode {
    case .off: return nil
    case .fixed(let scale): return scale.pitchClasses
    case .auto:
      guard let key else { return nil }
      // Minor has both sevenths.
      let steps = key.isMinor ? [0, 2, 3, 5, 7, 8, 10, 11] : [0, 2, 4, 5, 7, 9, 11]
      var classes = PitchClassSet(steps.map(key.tonic.transposed(by:)))
      let total = heard.reduce(0, +)
      for index in heard.indices where total > 0 && heard[index] > 0.03 * total {
        classes.insert(PitchClass(semitones: index))
      }
      return classes
    }
  }
}
