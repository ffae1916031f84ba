import Glibc
import Parallelism
import Synchronization
import Testing

@Suite struct ParallelTests {
  /// The value comes from another thread, which may need as long as it likes.
  @Test func aValueIsWaitedFor() {
    let own = UInt(pthread_self())
    let computation = Computation {
      usleep(20_000)
      return UInt(pthread_self()) != own
    }
    #expect(computation.result && computation.result)
  }

  @Test(arguments: [(0, 1), (1, 4), (7, 2), (1000, 3), (1001, 64)])
  func resultsComeInOrder(count: Int, jobs: Int) async {
    var results: [Int] = []
    await Parallel.map(count, jobs: jobs) {
      $0 * $0
    } deliver: { index, value in
      #expect(index == results.count)
      results.append(value)
    }
    #expect(results == (0..<count).map { $0 * $0 })
  }

  @Test func noMoreJobsThanRequestedRunAtOnce() async {
    let running = Mutex((now: 0, most: 0))
    await Parallel.map(200, jobs: 2) { _ in
      running.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      _ = (0..<2000).reduce(0, &+)
      running.withLock { $0.now -= 1 }
    } deliver: { _, _ in
    }
    #expect((1...2).contains(running.withLock(\.most)))
  }

  @Test func anErrorEndsTheWork() async {
    struct Stop: Error {}
    let started = Mutex(0)
    await #expect(throws: Stop.self) {
      try await Parallel.map(100_000, jobs: 2) { _ in
        started.withLock { $0 += 1 }
      } deliver: { index, _ in
        if index == 10 { throw Stop() }
      }
    }
    #expect(started.withLock(\.self) < 10_000)
  }

  @Test func resultsWaitForThoseBeforeThem() {
    var results = InOrder<String>()
    results.insert("b", at: 1)
    #expect(results.next() == nil && results.count == 0)
    results.insert("a", at: 0)
    #expect(results.next() == "a" && results.next() == "b" && results.next() == nil && results.count == 2)
  }

  @Test(arguments: [(0, 1), (1, 4), (7, 2), (100, 3), (3, 100)])
  func resultsOfElementsAreInOrder(count: Int, threads: Int) {
    let running = Mutex((now: 0, most: 0))
    let squares = Parallel.map(Array(0..<count), threads: threads) { index, element in
      running.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      usleep(100)
      running.withLock { $0.now -= 1 }
      return index * element
    }
    #expect(squares == (0..<count).map { $0 * $0 })
    #expect(running.withLock(\.most) <= threads)
  }

  @Test func theFirstErrorIsThrown() {
    struct Stop: Error, Equatable { var index: Int }
    #expect(throws: Stop(index: 3)) {
      try Parallel.map(Array(0..<20), threads: 4) { (index, _) throws(Stop) in
        if index > 2 { throw Stop(index: index) }
      }
    }
  }
}
