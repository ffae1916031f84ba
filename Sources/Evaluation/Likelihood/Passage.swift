public import MusicTokens

/// Music that a model predicts token by token from its beginning: a window of a piece, or all of it.
public struct Passage: Hashable, Sendable {
  public var tokens: [Token]
  /// Whether the piece ends here, so that its end is predicted too.
  public var endsPiece: Bool

  public init(_ tokens: [Token], endsPiece: Bool) {
    self.tokens = tokens
    self.endsPiece = endsPiece
  }

  /// How many predictions the passage asks for: its tokens, and the end where it has one.
  public var predictionCount: Int { tokens.count + (endsPiece ? 1 : 0) }

  /// How many notes start.
  public var noteCount: Int { tokens.count(where: \.isNoteOn) }

  /// How much time passes, in ticks of 1/64 s.
  public var tickCount: Int {
    tokens.reduce(0) { sum, token in
      if case .timeShift(let ticks) = token.meaning { sum + ticks } else { sum }
    }
  }
}

extension Passage {
  /// The numbers of what is predicted: 0…773 are tokens, 774 is the end of the piece, in the order of a model's logits.
  package var symbols: [UInt16] { tokens.map(\.rawValue) + (endsPiece ? [Alphabet.end] : []) }
}

/// What can be predicted: all tokens and the end of a piece.
public enum Alphabet {
  /// How many symbols there are.
  public static let size = Int(Token.count) + 1
  /// The end of a piece.
  public static let end = Token.count
  /// What stands before a passage, and is never predicted.
  package static let begin = Token.count + 1
}
