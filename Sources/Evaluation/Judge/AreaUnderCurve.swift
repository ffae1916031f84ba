/// The area under the ROC curve of scores.
package enum AreaUnderCurve {
  /// The probability that a score of the second set is above one of the first, a tie counting half (Hanley & McNeil,
  /// Radiology 143, 1982): 0.5 at chance level; nil if a set is empty. O(n log n).
  package static func value(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (first, second) = (first.sorted(), second.sorted())
    var (below, upTo, wins) = (0, 0, 0.0)
    for score in second {
      while below < first.count, first[below] < score { below += 1 }
      upTo = max(upTo, below)
      while upTo < first.count, first[upTo] == score { upTo += 1 }
      wins += Double(below) + Double(upTo - below) / 2
    }
    return wins / Double(first.count) / Double(second.count)
  }
}
