internal import MusicAnalysis
package import MusicCore

/// When the moments of a reference are played: straight lines between moments that are known.
package struct TimeWarp: Hashable, Sendable {
  /// Known moments of the reference and of the take, both strictly rising; at least one.
  private var reference: [Double] = []
  private var played: [Double] = []

  /// A warp through pairs of moments, in the order of the reference. Those that do not rise in both are left out.
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

  /// When a moment of the reference is played. Beyond the ends it goes on at the tempo there.
  package func played(_ time: Seconds) -> Seconds { Self.value(at: time, reference, played) }

  /// The moment of the reference that is played at a time.
  package func reference(_ time: Seconds) -> Seconds { Self.value(at: time, played, reference) }

  private static func value(at time: Seconds, _ from: [Double], _ to: [Double]) -> Seconds {
    guard from.count > 1 else { return Seconds(time.rawValue + (to.first ?? 0) - (from.first ?? 0)) }
    let next = from.partitioningIndex { $0 > time.rawValue }
    // At the ends the tempo is that of the last eight moments.
    let (low, high) =
      next == 0
      ? (0, min(8, from.count - 1)) : next == from.count ? (max(0, next - 9), next - 1) : (next - 1, next)
    let slope = (to[high] - to[low]) / (from[high] - from[low])
    let anchor = next == from.count ? high : low
    return Seconds(to[anchor] + (time.rawValue - from[anchor]) * slope)
  }
}
