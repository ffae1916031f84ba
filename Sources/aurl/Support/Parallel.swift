import Glibc

/// Work on many things at once.
enum Parallel {
  /// The processors this machine has.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Calls `work` for 0 ..< `count`, `jobs` at a time, and `deliver` with the results in order.
  ///
  /// No work starts that is far ahead of what was delivered, so that few results wait however long one of them takes.
  static func map<Result: Sendable>(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result, deliver: (Int, Result) throws -> Void
  ) async rethrows {
    try await withThrowingTaskGroup(of: (index: Int, result: Result).self) { group in
      var next = 0
      var delivered = 0
      var running = 0
      func start() {
        guard next < count, running < jobs, next < delivered + 16 * jobs else { return }
        running += 1
        let index = next
        next += 1
        group.addTask { (index, work(index)) }
      }
      for _ in 0..<jobs { start() }
      var waiting: [Int: Result] = [:]
      while let finished = try await group.next() {
        running -= 1
        start()
        waiting[finished.index] = finished.result
        while let ready = waiting.removeValue(forKey: delivered) {
          try deliver(delivered, ready)
          delivered += 1
        }
        for _ in running..<max(running, jobs) { start() }
      }
    }
  }
}
