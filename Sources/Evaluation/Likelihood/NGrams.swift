/// Up to six symbols in one word, the last in the lowest bits, so that n-grams sort by their contexts.
struct NGram: Hashable, Comparable {
  var bits: UInt64 = 0

  static let bitsPerSymbol = 10

  /// The last symbol.
  var symbol: UInt16 { UInt16(bits & 1023) }
  /// All but the last symbol.
  var context: NGram { NGram(bits: bits >> UInt64(Self.bitsPerSymbol)) }

  mutating func append(_ symbol: UInt16) { bits = bits << UInt64(Self.bitsPerSymbol) | UInt64(symbol) }

  /// Puts a symbol before the `count` that are there.
  mutating func prepend(_ symbol: UInt16, to count: Int) {
    bits |= UInt64(symbol) << UInt64(Self.bitsPerSymbol * count)
  }

  /// The last `count` symbols.
  func suffix(_ count: Int) -> NGram { NGram(bits: bits & (1 << UInt64(Self.bitsPerSymbol * count) - 1)) }

  static func < (a: NGram, b: NGram) -> Bool { a.bits < b.bits }
}

/// The n-grams of some passages, handed out by falling length with the counts that Kneser-Ney smoothing takes.
struct NGrams {
  private let order: Int
  /// Occurrences of those to be counted next: of the longest, or of what the longer ones end with.
  private var occurrences: [NGram] = []
  /// By length, those that start at the beginning of a passage and are shorter than the longest.
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

  /// The different n-grams of a length, sorted, and how often each counts. Lengths must fall from the order to one.
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
    // Each different n-gram is one symbol before what it ends with.
    occurrences = ngrams
    return (ngrams, counts)
  }
}
