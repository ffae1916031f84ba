package import MusicCore

/// How much the machine plays while the human does.
package struct OnsetQuota: Sendable {
  /// The most onsets of the machine's, as a part of the human's.
  package let share: Double
  private var human: [Tick] = []
  private var own: [Tick] = []

  /// The time over which onsets count.
  private static let memory = Tick(ofSession: 4)
  /// The machine rests where the human's last onsets, over this time, come so many times as fast as they do in the median.
  private static let (recent, crowding) = (Tick(ofSession: 2), 2.0)

  package init(share: Double) { self.share = share }

  package mutating func humanStrikes(at tick: Tick) {
    human.removeAll { $0 < tick - Self.memory }
    own.removeAll { $0 < tick - Self.memory }
    if human.last != tick { human.append(tick) }
  }

  /// What was planned after a tick is not played.
  package mutating func forget(after tick: Tick) { own.removeAll { $0 > tick } }

  /// Whether the machine may start notes at a tick; it is then taken to do so. Ticks never decrease, but for those that were forgotten.
  ///
  /// - Parameter medianInterval: the median time between the human's onsets, in seconds; nil where it is not known.
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
