internal import MusicCore
public import MusicTokens

/// Counts tokens that the encoder never writes. Reports of several streams can be added.
public struct GrammarReport: Hashable, Sendable, Codable {
  /// The number of tokens.
  public var tokens = 0
  /// The number of ungrammatical tokens, which decoding repairs, by the name of `TokenRepair.Kind`.
  public var repairs: [String: Int] = [:]
  /// Notes that still sound at the end of a stream; not an error if the stream was cut off.
  public var openAtEnd = 0
  /// The number of tokens that decode but that the encoder would have written differently.
  public var irregularities: [Irregularity: Int] = [:]

  /// An empty report.
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

  /// The share of ungrammatical tokens; nil if there are no tokens.
  public var ungrammaticalRate: Double? { rate(repairs.values.reduce(0, +)) }
  /// The share of tokens that the encoder would have written differently; nil if there are no tokens.
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
  /// Decodes leniently, which accepts any tokens.
  func decoding(_ tokens: some Sequence<Token>) -> Decoded {
    do { return try decode(tokens) } catch { preconditionFailure("only strict decoding refuses tokens: \(error)") }
  }
}
