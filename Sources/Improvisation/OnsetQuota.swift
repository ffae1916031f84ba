package import MusicCore

/// Limits how many notes the machine starts while the human plays.
package struct OnsetQuota: Sendable {
  /// The largest number of machine onsets, as a fraction of the human's.
  package let share: Double
  private var human: [Tick] = []
  private var own: [Tick] = []

  /// The time after which onsets no longer count.
  private static let memory = Tick(ofSession: 4)
  /// The machine rests if the human's onsets over `recent` come more than `crowding` times as fast as their median
  /// interval implies.
  private static let (recent, crowding) = (Tick(ofSession: 2), 2.0)

  package init(share: Double) { self.share = share }

  package mutating func humanStrikes(at tick: Tick) {
    human.removeAll { $0 < tick - Self.memory }
    own.removeAll { $0 < tick - Self.memory }
    if human.last != tick { human.append(tick) }
  }

  /// Removes the machine's onsets after a tick, which will not be played.
  package mutating func forget(after tick: Tick) { own.removeAll { $0 > tick } }

  /// Whether the machine may start notes at a tick, which then counts as an onset. Ticks never decrease, except after
  /// `forget`.
  ///
  /// - Parameter medianInterval: the median time between the human's onsets, in seconds; nil if unknown.
  package mutating func mayStrike(at tick: Tick, medianInterval: Double?) -> Bool {
    // The notes of a chord are one onset.
    if own.last == tick { return true }
    let heard = human.count { $0 >= tick - Self.memory && $0 <= tick }
    let played = own.count { $0 >= tick - Self.memory }
    guard Double(played + 1) <= share * Double(heard) else { return false }
    if let medianInterval, medianInterval > 0 {
      let latest = human.count { $0 >= tick - Self.recent && $0 <= tick }
      guard Double(latest) <= Self.crowding * Self.recent.sessionSeconds / medianInterval else { return false }
    }
    own.append(tick)
    return true
  }
}
