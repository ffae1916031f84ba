public import MusicCore

/// Watches whether planning stays ahead of playing, and counts the times that it does not.
///
/// If the plan runs out while more is being planned, the notes that sound then are held for a moment, and then end.
public struct PlanWatch: Sendable {
  /// The time up to which is planned; nil if nothing more is to come.
  public var plannedUntil: Seconds?
  /// How often the plan ran out.
  public private(set) var underrunCount = 0
  private var since: Seconds?
  private var hasEndedNotes = false

  /// How much of the plan must be left, and how long notes are held when it has run out.
  public static let (margin, patience) = (Seconds(0.04), Seconds(0.3))

  /// Creates a watch without a plan.
  public init() {}

  /// Advances time; returns true when the sounding notes must end, once in an underrun.
  public mutating func pass(to now: Seconds) -> Bool {
    guard let plannedUntil, now > plannedUntil - Self.margin else {
      (since, hasEndedNotes) = (nil, false)
      return false
    }
    if since == nil { underrunCount += 1 }
    let start = since ?? now
    since = start
    guard !hasEndedNotes, now >= start + Self.patience else { return false }
    hasEndedNotes = true
    return true
  }
}
