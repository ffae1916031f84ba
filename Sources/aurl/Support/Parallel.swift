import Glibc

/// Work on many things at once.
enum Parallel {
  /// The processors this machine has.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

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
      var delivered = 0
      var running = 0
      func start() {
        while next < portions, running < jobs, (next - delivered) / 16 < jobs {
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
      var waiting: [Int: [Result]] = [:]
      while let finished = try await group.next() {
        running -= 1
        start()
        waiting[finished.index] = finished.results
        while let ready = waiting.removeValue(forKey: delivered) {
          for offset in ready.indices { try deliver(delivered * portion + offset, ready[offset]) }
          delivered += 1
        }
        start()
      }
    }
  }
}
