internal import MusicCore

/// The counted n-grams of one length: the followers of each context with their counts, and the backoff weight.
struct NGramTable {
  /// Sorted.
  private var contexts: [NGram] = []
  /// The index of the first follower of each context, and the end of the last.
  private var starts: [UInt32] = []
  private var followers: [UInt16]
  private let counts: [UInt32]
  private let discounts: Discounts
  /// The total count of each context.
  private var totals: [UInt32] = []
  /// The backoff weight of each context: the probability mass freed by discounting.
  private var backoffs: [Double] = []

  /// - Parameter counted: distinct n-grams, sorted, and their counts.
  init(_ counted: (ngrams: [NGram], counts: [UInt32])) {
    counts = counted.counts
    followers = counted.ngrams.map(\.symbol)
    discounts = Discounts(counts: counted.counts)
    for (index, ngram) in counted.ngrams.enumerated() where ngram.context != contexts.last {
      contexts.append(ngram.context)
      starts.append(UInt32(index))
    }
    starts.append(UInt32(counts.count))
    for (start, end) in zip(starts, starts.dropFirst()) {
      let followers = counts[Int(start)..<Int(end)]
      let total = followers.reduce(0, +)
      totals.append(total)
      backoffs.append(followers.reduce(0) { $0 + discounts[$1] } / Double(total))
    }
  }

  /// The row of a context, or nil if it never occurred. O(log n).
  func row(after context: NGram) -> Int? {
    let row = contexts.partitioningIndex { $0 >= context }
    return row < contexts.count && contexts[row] == context ? row : nil
  }

  /// The probability of a symbol in a row, interpolated with its probability in the shorter context.
  func probability(of symbol: UInt16, in row: Int, lower: Double) -> Double {
    let row = (index: row, followers: Int(starts[row])..<Int(starts[row + 1]))
    let index = followers[row.followers].partitioningIndex { $0 >= symbol }
    let isSeen = index < row.followers.upperBound && followers[index] == symbol
    let seen = isSeen ? (Double(counts[index]) - discounts[counts[index]]) / Double(totals[row.index]) : 0
    return seen + backoffs[row.index] * lower
  }
}

/// The discounts of counts of one, two, and three or more.
struct Discounts {
  private let values: [Double]

  /// Estimates the discounts from the numbers of n-grams with counts one to four (Chen & Goodman 1999, equation 26).
  ///
  /// If there are too few n-grams for the estimate, they are ½, 1 and 1½.
  init(counts: [UInt32]) {
    var numbers = Array(repeating: 0.0, count: 5)
    for count in counts where count <= 4 { numbers[Int(count)] += 1 }
    let scale = numbers[1] / (numbers[1] + 2 * numbers[2])
    let estimates = (1...3).map { Double($0) - Double($0 + 1) * scale * numbers[$0 + 1] / numbers[$0] }
    let areSound = zip(estimates, 1...3).allSatisfy { $0 >= 0 && $0 <= Double($1) }
    values = [0] + (areSound && numbers[4] > 0 ? estimates : [0.5, 1, 1.5])
  }

  subscript(count: UInt32) -> Double { values[Int(min(count, 3))] }
}
