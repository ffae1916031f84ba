public import MusicCore
public import MusicTokens

/// Music that a model predicts token by token from its beginning: a window of a piece, or all of it.
public struct Passage: Hashable, Sendable {
  /// The tokens, in order.
  public var tokens: [Token]
  /// Whether the piece ends here, so that the end symbol is predicted too.
  public var endsPiece: Bool

  /// Creates a passage.
  public init(_ tokens: [Token], endsPiece: Bool) {
    self.tokens = tokens
    self.endsPiece = endsPiece
  }

  /// The number of predictions: the tokens, and the end if the piece ends here.
  public var predictionCount: Int { tokens.count + (endsPiece ? 1 : 0) }

  /// The number of note starts.
  public var noteCount: Int { tokens.count(where: \.isNoteOn) }

  /// The duration of the tokens.
  public var duration: TokenTime { tokens.duration }
}

extension Passage {
  /// The predicted symbols: 0…773 are tokens, 774 is the end of the piece, in the order of a model's logits.
  package var symbols: [UInt16] { tokens.map(\.rawValue) + (endsPiece ? [Alphabet.end] : []) }
}

/// The symbols that can be predicted: all tokens and the end of a piece.
public enum Alphabet {
  /// The number of symbols.
  public static let size = Int(Token.count) + 1
  /// The end of a piece.
  public static let end = Token.count
  /// The begin symbol, which precedes a passage and is never predicted.
  package static let begin = Token.count + 1
}
