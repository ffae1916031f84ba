import Glibc

/// Work on many things at once.
enum Parallel {
  /// The processors this machine has.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Calls `work` for 0 ..< `count`, `jobs` at a time, and `deliver` with the results in order.
  static func map<Result: Sendable>(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result, deliver: (Int, Result) throws -> Void
  ) async rethrows {
    try await withThrowingTaskGroup(of: (index: Int, result: Result).self) { group in
      var next = 0
      func start() {
        guard next < count else { return }
        let index = next
        next += 1
        group.addTask { (index, work(index)) }
      }
      for _ in 0..<jobs { start() }
      var waiting: [Int: Result] = [:]
      var delivered = 0
      while let finished = try await group.next() {
        start()
        waiting[finished.index] = finished.result
        while let ready = waiting.removeValue(forKey: delivered) {
          try deliver(delivered, ready)
          delivered += 1
        }
      }
    }
  }
}
