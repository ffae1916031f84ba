internal import MusicAnalysis
public import MusicCore
internal import MusicFeatures
public import MusicTokens

/// The music that a take continues.
public struct Prompt: Sendable {
  /// The tokens as the encoder would write them, except that notes may still sound at the end.
  public let tokens: [Token]
  /// The repairs that were needed, if the stream was not as the encoder would write it.
  public let repairs: [TokenRepair]
  /// The duration of the tokens.
  public var length: TokenTime { tokens.duration }
  /// The state at the end of the tokens.
  let grammar: Grammar

  /// Creates a prompt from any stream; nil if it has no note. Notes that still sound at the end of a valid stream, or
  /// where it is cut, continue into the take.
  ///
  /// - Parameter end: the maximum length of the prompt; nil for no limit.
  /// - Throws: `TokenEncodingError` if the stream must be encoded again and is longer than the encoder's limit.
  public init?(_ stream: [Token], end: TokenTime? = nil) throws(TokenEncodingError) {
    let end = end?.rawValue ?? .max
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

  /// The part of a stream up to a tick, note ends at that tick included; nil if the encoder would not have written it
  /// like this.
  ///
  /// A level at the end, without a note after it, is left out: the constraints might leave no token that could follow
  /// it.
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

  /// The chords that the prompt is found to have.
  var chart: ChordChart { ChordChart(Self.decoded(tokens).score) }

  /// The last tokens of the prompt, at most `limit`, and the keyboard state before them. O(n).
  func tail(_ limit: Int) -> TokenWindow {
    var keyboard = KeyboardState()
    for token in tokens.dropLast(limit) { keyboard.apply(token.rawValue) }
    return TokenWindow(tokens: tokens.suffix(limit).map(\.rawValue), start: keyboard)
  }
}
