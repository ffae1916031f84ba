internal import Foundation
package import MusicAnalysis
package import MusicCore

/// The key that answers keep to: estimated from what the human plays, or fixed.
///
/// An estimate of the last seconds alone takes a passing chord for a key, and one of a long time misses modulations. Both
/// must agree: a scale is adopted where the mean of its probability now and of its running mean is at least 0.7, where it
/// is correct in at least 95 % of cases (docs/live.md), and dropped below 0.6.
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
  /// The decaying sums of the keys' probabilities and of their weights, and the time of the last estimate.
  private var sums = [Double](repeating: 0, count: Key.count)
  private var weight = 0.0
  private var latest = Tick.zero

  package static let bindingConfidence = 0.7
  static let leavingConfidence = 0.6
  /// The time constant of the running mean, in seconds of playing.
  private static let memory = 64.0

  package init(_ mode: Mode) { self.mode = mode }

  /// Receives an estimate of the key of the recent music.
  ///
  /// - Parameter time: on the clock of `RecentNotes`; it never decreases.
  package mutating func follow(_ estimate: KeyEstimate, at time: Tick) {
    var probabilities = [estimate.name: estimate.confidence]
    for other in estimate.alternatives { probabilities[other.name.key] = other.confidence }
    follow(probabilities, at: time)
  }

  package mutating func follow(_ probabilities: [Key: Double], at time: Tick) {
    guard mode == .auto, !isLocked else { return }
    let decay = exp(-(time - latest).sessionSeconds / Self.memory)
    (latest, weight) = (time, decay * weight + 1 - decay)
    guard weight > 0 else { return }
    let keys = (0..<Key.count).map(Key.init(index:))
    var scales = [Double](repeating: 0, count: 12)
    for key in keys {
      sums[key.index] = decay * sums[key.index] + (1 - decay) * probabilities[key, default: 0]
      scales[key.signature] += (probabilities[key, default: 0] + sums[key.index] / weight) / 2
    }
    guard let signature = scales.indices.max(by: { scales[$0] < scales[$1] }) else { return }
    if scales[signature] >= Self.bindingConfidence {
      key = keys.filter { $0.signature == signature }.max { sums[$0.index] < sums[$1.index] }
    } else if let key, scales[key.signature] < Self.leavingConfidence {
      self.key = nil
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
