public import MusicCore

/// A window of a token stream, and the state of the keyboard at its start.
///
/// Notes that began before the window may end in it; the tokens are neither filtered nor repaired.
public struct TokenWindow: Hashable, Sendable {
  /// Token ids, 0…773, possibly followed by special ids of a model, such as the end of a piece.
  public var tokens: [UInt16]
  /// The keyboard state before the first token.
  public var start: KeyboardState
  /// The chords of the window and around it, with times as in `start`; nil if they are unknown.
  public var chart: ChordChart?

  /// Creates a window.
  public init(tokens: [UInt16], start: KeyboardState = KeyboardState(), chart: ChordChart? = nil) {
    self.tokens = tokens
    self.start = start
    self.chart = chart
  }

  /// Consecutive windows of `length` tokens; the last may be shorter.
  public func split(every length: Int) -> [TokenWindow] {
    precondition(length > 0, "a window must have at least one token")
    var state = start
    return stride(from: 0, to: tokens.count, by: length).map { first in
      let window = TokenWindow(
        tokens: Array(tokens[first..<min(tokens.count, first + length)]), start: state, chart: chart)
      for token in window.tokens { state.apply(token) }
      return window
    }
  }
}
