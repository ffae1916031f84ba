internal import MusicFeatures
public import MusicTokens

/// Music that a take goes on from.
public struct Prompt: Sendable {
  /// What the encoder would write, except that notes may still sound at the end.
  public let tokens: [Token]
  /// What had to be repaired, in a stream that the encoder would have written otherwise.
  public let repairs: [TokenRepair]
  /// The state in which the music stops.
  let grammar: Grammar

  /// A prompt of any stream; nil without a note. Notes that still sound where a stream stops that is sound otherwise, or
  /// where it is cut, go on into the take.
  ///
  /// - Parameter end: how many ticks of 1/64 s are taken at most.
  /// - Throws: `TokenEncodingError` where the stream must be written anew and is longer than the encoder writes.
  public init?(_ stream: [Token], end: Int = .max) throws(TokenEncodingError) {
    var prompt = Self.cut(stream, at: end)
    var repairs: [TokenRepair] = []
    if prompt == nil {
      let decoded = Self.decoded(stream)
      repairs = decoded.repairs
      prompt = try Self.cut(TokenEncoder().encode(decoded.score), at: end)
    }
    guard let (tokens, grammar) = prompt, tokens.contains(where: \.isNoteOn) else { return nil }
    self.tokens = tokens
    self.repairs = repairs
    self.grammar = grammar
  }

  /// A stream up to a tick, the ends at that tick included; nil where the encoder would have written it otherwise.
  ///
  /// A level at its end, which no note follows, is left out: constraints may leave nothing that could follow it.
  private static func cut(_ stream: [Token], at end: Int) -> (tokens: [Token], grammar: Grammar)? {
    var grammar = Grammar()
    grammar.mayBeginWithShift = true
    var tokens: [Token] = []
    func add(_ token: Token) {
      grammar.apply(token)
      tokens.append(token)
    }
    for token in stream.dropLast(stream.reversed().prefix(while: \.isVelocityChange).count) {
      guard grammar.choices.contains(token) else { return nil }
      let left = end - grammar.time
      switch token.meaning {
      case .timeShift(let ticks) where ticks > left:
        if left > 0 { add(.timeShift(left)) }
        return (tokens, grammar)
      case .noteOn where left == 0, .velocityChange where left == 0: return (tokens, grammar)
      default: add(token)
      }
    }
    return (tokens, grammar)
  }

  private static func decoded(_ stream: [Token]) -> TokenDecoder.Decoded {
    do { return try TokenDecoder().decode(stream) } catch {
      preconditionFailure("only a strict decoder refuses tokens: \(error)")
    }
  }

  /// The last tokens of the prompt, `limit` at most, and the keyboard before them. O(n).
  func tail(_ limit: Int) -> TokenWindow {
    var keyboard = KeyboardState()
    for token in tokens.dropLast(limit) { keyboard.apply(token.rawValue) }
    return TokenWindow(tokens: tokens.suffix(limit).map(\.rawValue), start: keyboard)
  }
}
