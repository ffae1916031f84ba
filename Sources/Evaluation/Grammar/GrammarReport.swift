internal import MusicCore
public import MusicTokens

/// How often streams say what no encoder writes. Reports of streams add up.
public struct GrammarReport: Hashable, Sendable, Codable {
  public var tokens = 0
  /// Tokens that make no sense where they stand, by the names of `TokenRepair.Kind`: decoding repairs them.
  public var repairs: [String: Int] = [:]
  /// Notes that still sound where a stream ends, which says nothing of a stream that was cut off.
  public var openAtEnd = 0
  /// Tokens that decode, but that the encoder would have written otherwise.
  public var irregularities: [Irregularity: Int] = [:]

  /// Nothing read yet.
  public init() {}

  /// The report of a stream. O(n).
  public init(_ stream: some Sequence<Token>) {
    self.init(stream, decoded: TokenDecoder().decoding(stream))
  }

  init(_ stream: some Sequence<Token>, decoded: TokenDecoder.Decoded) {
    for repair in decoded.repairs {
      if repair.kind == .openAtEnd { openAtEnd = repair.count } else { repairs[repair.kind.rawValue] = repair.count }
    }
    var reader = RegularityReader()
    for token in stream {
      tokens += 1
      if let irregularity = reader.read(token) { irregularities[irregularity, default: 0] += 1 }
    }
  }

  /// The share of tokens that make no sense; nil without tokens.
  public var ungrammaticalRate: Double? { rate(repairs.values.reduce(0, +)) }
  /// The share of tokens that the encoder would have written otherwise; nil without tokens.
  public var irregularRate: Double? { rate(irregularities.values.reduce(0, +)) }

  private func rate(_ count: Int) -> Double? { tokens > 0 ? Double(count) / Double(tokens) : nil }

  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.tokens += b.tokens
    sum.openAtEnd += b.openAtEnd
    sum.repairs.merge(b.repairs, uniquingKeysWith: +)
    sum.irregularities.merge(b.irregularities, uniquingKeysWith: +)
    return sum
  }
}

extension TokenDecoder {
  /// Any tokens decode where decoding is not strict.
  func decoding(_ tokens: some Sequence<Token>) -> Decoded {
    do { return try decode(tokens) } catch { preconditionFailure("only strict decoding refuses tokens: \(error)") }
  }
}
