/// The side of the human's range on which the machine plays while the human does.
package enum Side: Hashable, Sendable {
  case above, below

  /// The lowest and the highest key of a piano.
  static let (lowest, highest) = (21, 108)
  /// How much more room the other side must have, in semitones: a melody that moves does not drive the accompaniment
  /// from one side to the other.
  private static let advantage = 7

  /// The side with more room on the keyboard, which is left only for one with clearly more.
  ///
  /// - Parameters:
  ///   - call: what the human plays; above if it is empty.
  ///   - present: the side until now; nil if there is none.
  package init(beside call: Call, keeping present: Side? = nil) {
    let range = call.range ?? Self.lowest...Self.lowest
    let (below, above) = (range.lowerBound - Self.lowest, Self.highest - range.upperBound)
    self =
      switch present {
      case .above: below > above + Self.advantage ? .below : .above
      case .below: above > below + Self.advantage ? .above : .below
      case nil: below > above ? .below : .above
      }
  }
}
