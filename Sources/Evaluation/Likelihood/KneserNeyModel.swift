internal import Glibc

/// Interpolated modified Kneser-Ney: the best smoothing of n-gram counts (Chen & Goodman, "An empirical study of smoothing
/// techniques for language modeling", Computer Speech and Language 13, 1999).
///
/// Each passage is preceded by a begin symbol, which serves as context and is never predicted; the first symbols have
/// shorter contexts that reach back to it. N-grams of the highest order, and those that start with the begin symbol,
/// have their raw counts; all others have continuation counts, the number of different symbols before them. Unigrams
/// back off to a uniform distribution.
public struct KneserNeyModel: SequenceModel {
  /// The length of the longest n-grams.
  public let order: Int
  /// The n-gram tables by length − 1.
  private let tables: [NGramTable]

  /// Counts the n-grams of passages. O(n log n), about 60 bytes per token.
  ///
  /// - Parameter order: 1…6.
  public init(_ passages: some Sequence<Passage>, order: Int = 5) {
    precondition((1...6).contains(order), "an n-gram of 1…6 symbols fits into a word")
    self.order = order
    var seen = NGrams(of: passages, order: order)
    var tables: [NGramTable] = []
    for length in (1...order).reversed() { tables.append(NGramTable(seen.countedNGrams(of: length))) }
    self.tables = tables.reversed()
  }

  /// The log probability of each symbol of a passage, in nats.
  public func logProbabilities(of passage: Passage) -> [Double] {
    var history = [Alphabet.begin]
    history.reserveCapacity(passage.predictionCount + 1)
    return passage.symbols.map { symbol in
      defer { history.append(symbol) }
      return log(probability(of: symbol, after: history))
    }
  }

  /// The probability of a symbol given its history.
  func probability(of symbol: UInt16, after history: [UInt16]) -> Double {
    var probability = 1 / Double(Alphabet.size)
    var context = NGram()
    for length in 1...order {
      // If a context was never seen, no longer one was.
      guard let row = tables[length - 1].row(after: context) else { break }
      probability = tables[length - 1].probability(of: symbol, in: row, lower: probability)
      guard length <= history.count else { break }
      context.prepend(history[history.count - length], to: length - 1)
    }
    return probability
  }

  /// The probabilities of all tokens and, last, of the end, given the tokens at the start of a passage.
  package func distribution(after passage: Passage) -> [Double] {
    let history = [Alphabet.begin] + passage.symbols
    return (0..<UInt16(Alphabet.size)).map { probability(of: $0, after: history) }
  }
}
