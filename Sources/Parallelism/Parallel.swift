/// Work distributed over several threads, with results in order.
package enum Parallel {
  /// Calls `work` for 0 ..< `count`, at most `jobs` at a time, and `deliver` with the results in order.
  ///
  /// Work far ahead of the last delivered result is not started, so that the number of waiting results is bounded even
  /// if one of them takes long.
  ///
  /// - Throws: the error of `deliver`; no further work is started after it.
  @inline(never)  // The optimizer of Swift 6.3 crashes if it is inlined.
  package static func map<Result: Sendable>(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result, deliver: (Int, Result) throws -> Void
  ) async rethrows {
    // Work is grouped in portions, since each portion wakes a thread; portions are small, so that no thread idles at
    // the end.
    let portion = max(1, min(8, count / 8 / jobs))
    let portions = count / portion + (count.isMultiple(of: portion) ? 0 : 1)
    try await withThrowingTaskGroup(of: (index: Int, results: [Result]).self) { group in
      var next = 0
      var finished = InOrder<[Result]>()
      var running = 0
      func start() {
        while next < portions, running < jobs, (next - finished.count) / 16 < jobs {
          running += 1
          let index = next
          next += 1
          group.addTask {
            var results: [Result] = []
            for job in index * portion..<min(count, (index + 1) * portion) { results.append(work(job)) }
            return (index, results)
          }
        }
      }
      start()
      while let part = try await group.next() {
        running -= 1
        start()
        finished.insert(part.results, at: part.index)
        while let results = finished.next() {
          let first = (finished.count - 1) * portion
          for offset in results.indices { try deliver(first + offset, results[offset]) }
        }
        start()
      }
    }
  }
}

/// Puts results that arrive in any order into the order of their indices from 0.
package struct InOrder<Element> {
  /// The number of results taken.
  package private(set) var count = 0
  private var waiting: [Int: Element] = [:]

  package init() {}

  package mutating func insert(_ element: Element, at index: Int) { waiting[index] = element }

  /// The next result, or nil if it has not arrived.
  package mutating func next() -> Element? {
    guard let element = waiting.removeValue(forKey: count) else { return nil }
    count += 1
    return element
  }
}
