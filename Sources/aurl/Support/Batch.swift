import Files
import Parallelism
import Terminal

/// Work on the files of a command, several at a time, which continues if one of them fails.
///
/// All commands with several files use it, so that they handle unreadable files alike, never lose a result silently,
/// and end with the same status for the same failures (`BatchTally`).
struct Batch: Sendable {
  /// The names of the items in messages.
  var names: [String]
  /// The number of threads.
  var jobs: Int
  /// The participle of the work, such as "encoded".
  var verb: String
  var policy = BatchTally.Policy.skip
  /// Whether messages about skipped files are suppressed.
  var isQuiet = false
  var progress: any BatchProgress

  /// Processes all items, and delivers the results in order.
  ///
  /// - Parameters:
  ///   - work: Processes one file; called with the numbers 0 ..< `names.count` on several threads.
  ///   - deliver: Prints or keeps a result, and returns the failure of the file, or nil. An error that it throws ends
  ///     the batch, such as a closed pipe, which does not concern a single file.
  /// - Returns: the tally of the files; its `check()` throws the resulting failure.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable (Int) -> Value, deliver: (Int, Value) throws -> Failure?
  ) async throws -> BatchTally {
    try await runInAnyOrder({ ($0, work($0)) }, deliver: deliver)
  }

  /// The same for work whose failure is that of the file, and whose result is delivered otherwise.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable (Int) throws(Failure) -> Value, deliverResult deliver: (Value) throws -> Void
  ) async throws -> BatchTally {
    try await run { index in
      Result<Value, Failure> { () throws(Failure) in try work(index) }
    } deliver: { _, result in
      switch result {
      case .success(let value):
        try deliver(value)
        return nil
      case .failure(let failure): return failure
      }
    }
  }

  /// The same for work that chooses the next file itself; each call processes a different file.
  func runInAnyOrder<Value: Sendable>(
    _ work: @escaping @Sendable (Int) -> (index: Int, value: Value), deliver: (Int, Value) throws -> Failure?
  ) async throws -> BatchTally {
    var tally = BatchTally(verb, count: names.count, policy: policy)
    var finished = InOrder<Value>()
    try await Parallel.map(names.count, jobs: jobs, work) { _, result in
      finished.insert(result.value, at: result.index)
      while let value = finished.next() {
        let index = finished.count - 1
        progress.clear()
        tally.add(try deliver(index, value), of: names[index], isQuiet: isQuiet)
        progress.finish(finished.count, of: names.count)
      }
    }
    progress.clear()
    return tally
  }
}

/// A progress line of a batch.
protocol BatchProgress: Sendable {
  /// Reports the number of files that are done.
  func finish(_ count: Int, of total: Int)
  /// Clears the line for other output.
  func clear()
}

/// The count of files that are done.
struct FileProgress: BatchProgress {
  private let line: SharedProgressLine
  private let prefix: String
  private let done: Int
  private let left = TimeLeft()

  /// - Parameter done: the number of files that were done before this batch.
  init(_ subject: String? = nil, isQuiet: Bool, done: Int = 0) {
    self.done = done
    line = SharedProgressLine(isQuiet: isQuiet)
    prefix = subject.map { "\(printable($0)): " } ?? ""
  }

  func finish(_ count: Int, of total: Int) {
    let left = left.text(after: Double(count) / Double(total))
    line.update("\(prefix)\(done + count) of \(done + total) files\(left)")
  }
  func clear() { line.clear() }
}
