internal import Text

/// The time that work will still take, by its speed so far.
package struct TimeLeft: Sendable {
  private let start = ContinuousClock.now

  package init() {}

  /// `, 2:10 min left`, or nothing while the estimate is too uncertain: in the first three seconds, and shortly before the end.
  ///
  /// - Parameter share: How much is done, 0…1.
  package func text(after share: Double) -> String {
    Self.text(elapsed: (ContinuousClock.now - start) / .seconds(1), share: share)
  }

  package static func text(elapsed: Double, share: Double) -> String {
    guard elapsed >= 3, share > 0.005, share < 1 else { return "" }
    let left = elapsed / share * (1 - share)
    return left < 1 ? "" : ", \(durationText(left)) left"
  }
}
