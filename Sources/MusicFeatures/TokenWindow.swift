/// A stretch of a token stream, and the state of the keyboard where it begins.
///
/// Keys that were struck before the window may end in it; nothing of the stream is left out or repaired.
public struct TokenWindow: Hashable, Sendable {
  /// Ids of tokens, 0…773; what a model adds to them, such as its end of a piece, may follow.
  public var tokens: [UInt16]
  /// The keyboard state before the first token.
  public var start: KeyboardState

  public init(tokens: [UInt16], start: KeyboardState = KeyboardState()) {
    self.tokens = tokens
    self.start = start
  }

  /// Consecutive windows of `length` tokens, the last of what is left.
  public func split(every length: Int) -> [TokenWindow] {
    precondition(length > 0, "a window has a token at least")
    var state = start
    return stride(from: 0, to: tokens.count, by: length).map { first in
      let window = TokenWindow(tokens: Array(tokens[first..<min(tokens.count, first + length)]), start: state)
      for token in window.tokens { state.apply(token) }
      return window
    }
  }
}
