/// Counts what becomes of planned tokens. Where the human does something that was not planned, such as releasing a key, the
/// tokens after it are discarded: what of them is still played is read again, with what the human did between.
package struct PlannedTokens: Hashable, Sendable {
  /// The number of planned tokens that came true, and of those that were discarded.
  package private(set) var confirmed = 0
  package private(set) var refuted = 0
  /// How often planning continued from where the music departed from the plan.
  package private(set) var replans = 0
  private var hasDeparted = false

  package init() {}

  /// Records that the music was compared with the plan.
  mutating func compare(confirmed: Int, refuted: Int) {
    self.confirmed += confirmed
    self.refuted += refuted
    if refuted > 0 { hasDeparted = true }
  }

  /// Records that more is planned.
  ///
  /// - Parameter isFirst: whether a new answer begins, which continues no plan.
  mutating func plan(isFirst: Bool) {
    if hasDeparted, !isFirst { replans += 1 }
    hasDeparted = false
  }

  /// The share of the planned tokens that came true; nil if there were none.
  package var confirmedShare: Double? {
    confirmed + refuted > 0 ? Double(confirmed) / Double(confirmed + refuted) : nil
  }
}
