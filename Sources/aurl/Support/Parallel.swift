/// Work on many things at once.
enum Parallel {
  /// Calls `work` for 0 ..< `count`, `jobs` at a time, and `deliver` with the results in order.
  ///
  /// No work starts that is far ahead of what was delivered, so that few results wait however long one of them takes.
  @inline(never)  // The optimizer of Swift 6.3 crashes where it is inlined.
  static func map<Result: Sendable>(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result, deliver: (Int, Result) throws -> Void
  ) async rethrows {
    // Short jobs go in portions, because each portion wakes a thread; small ones, so that no thread waits long.
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

/// Results that come in any order, in the order of their numbers from 0.
struct InOrder<Element> {
  /// How many were given out.
  private(set) var count = 0
  private var waiting: [Int: Element] = [:]

  mutating func insert(_ element: Element, at index: Int) { waiting[index] = element }

  /// The next one, or nil where it has not come.
  mutating func next() -> Element? {
    guard let element = waiting.removeValue(forKey: count) else { return nil }
    count += 1
    return element
  }
}
