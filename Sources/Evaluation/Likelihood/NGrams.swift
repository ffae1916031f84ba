/// Up to six symbols packed into one word, the last in the lowest bits, so that n-grams sort by their contexts.
struct NGram: Hashable, Comparable {
  var bits: UInt64 = 0

  static let bitsPerSymbol = 10

  /// The last symbol.
  var symbol: UInt16 { UInt16(bits & 1023) }
  /// All but the last symbol.
  var context: NGram { NGram(bits: bits >> UInt64(Self.bitsPerSymbol)) }

  mutating func append(_ symbol: UInt16) { bits = bits << UInt64(Self.bitsPerSymbol) | UInt64(symbol) }

  /// Prepends a symbol to an n-gram of `count` symbols.
  mutating func prepend(_ symbol: UInt16, to count: Int) {
    bits |= UInt64(symbol) << UInt64(Self.bitsPerSymbol * count)
  }

  /// The last `count` symbols.
  func suffix(_ count: Int) -> NGram { NGram(bits: bits & (1 << UInt64(Self.bitsPerSymbol * count) - 1)) }

  static func < (a: NGram, b: NGram) -> Bool { a.bits < b.bits }
}

/// The n-grams of passages with the counts for Kneser-Ney smoothing, computed from the longest to the shortest.
struct NGrams {
  private let order: Int
  /// The occurrences to be counted next: all n-grams of the highest order, or the suffixes of the distinct longer ones.
  private var occurrences: [NGram] = []
  /// The n-grams below the highest order that start with the begin symbol, by length.
  private var initial: [[NGram]]

  init(of passages: some Sequence<Passage>, order: Int) {
    self.order = order
    initial = Array(repeating: [], count: order + 1)
    for passage in passages {
      var recent = NGram()
      recent.append(Alphabet.begin)
      for (index, symbol) in passage.symbols.enumerated() {
        recent.append(symbol)
        if index + 2 < order {
          initial[index + 2].append(recent)
        } else {
          recent = recent.suffix(order)
          occurrences.append(recent)
        }
      }
    }
  }

  /// The distinct n-grams of a length, sorted, and their counts. Must be called for each length from the order down to
  /// one.
  mutating func countedNGrams(of length: Int) -> (ngrams: [NGram], counts: [UInt32]) {
    if length < order {
      for index in occurrences.indices { occurrences[index] = occurrences[index].suffix(length) }
    }
    occurrences += initial[length]
    occurrences.sort()
    var ngrams: [NGram] = []
    var counts: [UInt32] = []
    for ngram in occurrences {
      if ngram == ngrams.last {
        counts[counts.count - 1] += 1
      } else {
        ngrams.append(ngram)
        counts.append(1)
      }
    }
    // Each distinct n-gram adds one to the continuation count of its suffix.
    occurrences = ngrams
    return (ngrams, counts)
  }
}
