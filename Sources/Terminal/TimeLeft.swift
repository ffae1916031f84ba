internal import Text

/// Estimates the remaining time of a task from its speed so far.
package struct TimeLeft: Sendable {
  private let start = ContinuousClock.now

  package init() {}

  /// `, 2:10 min left`, or an empty text while the estimate is too uncertain: in the first three seconds, and shortly
  /// before the end.
  ///
  /// - Parameter share: The completed fraction of the work, 0…1.
  package func text(after share: Double) -> String {
    Self.text(elapsed: (ContinuousClock.now - start) / .seconds(1), share: share)
  }

  package static func text(elapsed: Double, share: Double) -> String {
    guard elapsed >= 3, share > 0.005, share < 1 else { return "" }
    let left = elapsed / share * (1 - share)
    return left < 1 ? "" : ", \(durationText(left)) left"
  }
}
