extension String {
  /// The most similar word by edit distance; nil if none is close enough (Damerau 1964, Levenshtein 1966).
  package func nearest(of words: [String]) -> String? {
    let near = words.map { ($0, distance(to: $0)) }.min { $0.1 < $1.1 }
    return near.flatMap { $0.1 <= max(1, count / 3) ? $0.0 : nil }
  }

  /// The edit distance: the number of insertions, deletions, substitutions and transpositions of adjacent letters.
  private func distance(to other: String) -> Int {
    let (a, b) = (Array(self), Array(other))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = Swift.min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = Swift.min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
