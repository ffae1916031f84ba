extension RandomAccessCollection where Index == Int {
  /// At most `count` of the elements, evenly spaced from the first on.
  package func evenlySpaced(_ count: Int) -> [Element] {
    let taken = Swift.min(count, self.count)
    return (0..<taken).map { self[startIndex + $0 * self.count / taken] }
  }
}
