/// The form of a take: sections named by letters, such as ABA. A section with an earlier letter begins like the first
/// section with that letter, but ends differently.
public struct Form: Hashable, Sendable, CustomStringConvertible {
  /// The sections in order, from `A` to `Z`.
  public let letters: [Character]

  /// The numbers of sections that a form can have.
  public static let counts = 2...32

  /// Creates a form from letters of either case, such as `AABA`; nil if there are others, too few or too many.
  public init?(_ text: String) {
    let letters = Array(text.uppercased())
    guard Self.counts.contains(letters.count), letters.allSatisfy({ ("A"..."Z").contains($0) }) else { return nil }
    self.letters = letters
  }

  public var description: String { String(letters) }
}
