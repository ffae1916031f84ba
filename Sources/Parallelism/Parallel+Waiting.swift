internal import Dispatch
internal import Synchronization

extension Parallel {
  /// The results of `work` for each element and its index, on at most `threads` threads including this one. Returns
  /// when all calls have returned.
  ///
  /// - Throws: the error of the first element for which `work` throws.
  package static func map<Element: Sendable, Result: Sendable, Failure: Error>(
    _ elements: [Element], threads: Int, _ work: @Sendable (Int, Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let results = Mutex([Swift.Result<Result, Failure>?](repeating: nil, count: elements.count))
    let next = Atomic(0)
    // Each thread takes the next element until none is left.
    @Sendable func run() {
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < elements.count {
        let result = Swift.Result { () throws(Failure) in try work(index, elements[index]) }
        results.withLock { $0[index] = result }
      }
    }
    let threads = min(threads, elements.count)
    if threads > 1 { DispatchQueue.concurrentPerform(iterations: threads) { _ in run() } } else { run() }
    var values: [Result] = []
    for result in results.withLock({ $0 }) {
      if let result { values.append(try result.get()) }
    }
    return values
  }
}
