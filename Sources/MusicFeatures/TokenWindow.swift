/// A window of a token stream, and the state of the keyboard at its start.
///
/// Notes that began before the window may end in it; the tokens are neither filtered nor repaired.
public struct TokenWindow: Hashable, Sendable {
  /// Token ids, 0…773, possibly followed by special ids of a model, such as the end of a piece.
  public var tokens: [UInt16]
  /// The keyboard state before the first token.
  public var start: KeyboardState

  /// Creates a window.
  public init(tokens: [UInt16], start: KeyboardState = KeyboardState()) {
    self.tokens = tokens
    self.start = start
  }

  /// Consecutive windows of `length` tokens; the last may be shorter.
  public func split(every length: Int) -> [TokenWindow] {
    precondition(length > 0, "a window must have at least one token")
    var state = start
    return stride(from: 0, to: tokens.count, by: length).map { first in
      let window = TokenWindow(tokens: Array(tokens[first..<min(tokens.count, first + length)]), start: state)
      for token in window.tokens { state.apply(token) }
      return window
    }
  }
}
