/// A kind of ungrammatical token in a stream, and how decoding repaired it.
public struct TokenRepair: Error, Hashable, Sendable {
  /// What was repaired.
  public var kind: Kind
  /// The index of its first occurrence; the length of the stream for `openAtEnd`.
  public var index: Int
  /// The number of occurrences.
  public var count: Int

  /// Creates a repair.
  public init(kind: Kind, index: Int, count: Int = 1) {
    self.kind = kind
    self.index = index
    self.count = count
  }

  /// The kinds of repair, named as in reports.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case orphanNoteOff, restrike, missingVelocity, zeroLengthNote, openAtEnd

    /// An explanation for users.
    public var explanation: String {
      switch self {
      case .orphanNoteOff: "NOTE_OFF of a pitch that does not sound ignored"
      case .restrike: "NOTE_ON of a pitch that sounds ends the earlier note"
      case .missingVelocity: "NOTE_ON before any VELOCITY_CHANGE taken as mf"
      case .zeroLengthNote: "note of no length given one tick"
      case .openAtEnd: "notes still open at the end closed there"
      }
    }
  }
}

extension TokenRepair: CustomStringConvertible {
  public var description: String { "\(kind.explanation) at token \(index); without --strict it is repaired" }
}
