internal import MusicAnalysis
package import MusicCore

/// A map from reference times to the times at which they are played: piecewise linear between known pairs.
package struct TimeWarp: Hashable, Sendable {
  /// The known times of the reference and of the take, both strictly increasing; at least one.
  private var reference: [Double] = []
  private var played: [Double] = []

  /// A map through pairs of times, in the order of the reference. Pairs that do not rise in both are dropped.
  init(_ moments: [(reference: Seconds, played: Seconds)]) {
    for moment in moments {
      if let last = reference.last, let then = played.last,
        moment.reference.rawValue <= last || moment.played.rawValue <= then
      {
        continue
      }
      reference.append(moment.reference.rawValue)
      played.append(moment.played.rawValue)
    }
  }

  /// The time at which a time of the reference is played. Beyond the ends it is extrapolated at the local tempo.
  package func played(_ time: Seconds) -> Seconds { Self.value(at: time, reference, played) }

  /// The time of the reference that is played at a time.
  package func reference(_ time: Seconds) -> Seconds { Self.value(at: time, played, reference) }

  private static func value(at time: Seconds, _ from: [Double], _ to: [Double]) -> Seconds {
    guard from.count > 1 else { return Seconds(time.rawValue + (to.first ?? 0) - (from.first ?? 0)) }
    let next = from.partitioningIndex { $0 > time.rawValue }
    // The tempo at the ends is that of the eight outermost pairs.
    let (low, high) =
      next == 0
      ? (0, min(8, from.count - 1)) : next == from.count ? (max(0, next - 9), next - 1) : (next - 1, next)
    let slope = (to[high] - to[low]) / (from[high] - from[low])
    let anchor = next == from.count ? high : low
    return Seconds(to[anchor] + (time.rawValue - from[anchor]) * slope)
  }
}
