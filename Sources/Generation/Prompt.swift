internal import Datasets
public import MusicTokens

/// Music that a take goes on from.
public struct Prompt: Sendable {
  /// What the encoder would write, except that notes may still sound at the end.
  public let tokens: [Token]
  /// The state in which the music stops.
  let grammar: Grammar

  /// A prompt of any stream; nil without a note. Notes that still sound where a stream stops that is sound otherwise, or
  /// where it is cut, go on into the take.
  ///
  /// - Parameter end: how many ticks of 1/64 s are taken at most.
  public init?(_ stream: [Token], end: Int = .max) {
    guard let prompt = Self.cut(stream, at: end) ?? Self.cut(Self.encoded(stream), at: end) else { return nil }
    guard prompt.tokens.contains(where: { $0.rawValue < 128 }) else { return nil }
    (tokens, grammar) = prompt
  }

  /// A stream up to a tick, the ends at that tick included; nil where the encoder would have written it otherwise.
  private static func cut(_ stream: [Token], at end: Int) -> (tokens: [Token], grammar: Grammar)? {
    var grammar = Grammar()
    grammar.mayBeginWithShift = true
    var tokens: [Token] = []
    func add(_ token: Token) {
      grammar.apply(token)
      tokens.append(token)
    }
    for token in stream {
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

  private static func encoded(_ stream: [Token]) -> [Token] {
    do { return try TokenEncoder().encode(TokenDecoder().decode(stream).score) } catch {
      preconditionFailure("tokens decode to what can be encoded: \(error)")
    }
  }

  /// The end of the prompt as a window of the model: at most `limit` tokens, and the index of the first that is in it.
  func tail(_ limit: Int) -> (window: [Int], first: Int) {
    var first = max(0, tokens.count - limit)
    while true {
      let window = window(from: first)
      if window.count <= limit { return (window, first) }
      first += window.count - limit
    }
  }

  private func window(from first: Int) -> [Int] {
    let level = tokens[..<first].last { $0.rawValue >= 768 }
    var window: [UInt16] = []
    tokens.map(\.rawValue).withUnsafeBufferPointer { ids in
      let start = WindowCutter.Start(index: first, level: level?.rawValue ?? WindowCutter.Start().level)
      _ = WindowCutter.cut(ids, from: start, limit: .max, into: &window)
    }
    guard !window.isEmpty else { return [] }
    // The time after the last note belongs to what comes next, and the cutter leaves it out.
    let rest = tokens.reversed().prefix { (256..<768).contains($0.rawValue) }.map { Int($0.rawValue) }.reversed()
    return window.map(Int.init) + rest
  }
}
