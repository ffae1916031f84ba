import Glibc
import MIDIPorts
import Synchronization
import Testing

/// The thread that runs jobs and ticks, without a sequencer.
@Suite struct PollLoopTests {
  /// An actor on a loop of its own.
  private actor Worker {
    private nonisolated let loop: PollLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: PollLoop) { self.loop = loop }

    func tick(every interval: Duration?) { loop.tickInterval = interval }

    /// Whether the thread got real-time priority, its policy, and that of a thread that it starts.
    func priority() -> (isGranted: Bool, own: Int32, started: Int32) {
      let isGranted = loop.takeRealTimePriority()
      let started = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
      defer { started.deallocate() }
      started.initialize(to: -1)
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { argument in
          argument?.assumingMemoryBound(to: Int32.self).pointee = sched_getscheduler(0)
          return nil
        }, started)
      pthread_join(thread, nil)
      return (isGranted, sched_getscheduler(0), started.pointee)
    }
  }

  @Test func itTicksWithoutADescriptor() async throws {
    let loop = PollLoop(descriptor: -1)
    let count = Atomic(0)
    loop.start(name: "ticking") { reason in
      if case .tick = reason { count.add(1, ordering: .relaxed) }
    }
    defer { loop.stop() }
    await Worker(loop).tick(every: .milliseconds(1))
    while count.load(ordering: .relaxed) < 20 { try await Task.sleep(for: .milliseconds(1)) }
  }

  /// Only the loop's thread has the priority, and not those of the runtime that it may start.
  @Test func priorityIsNotInherited() async {
    let loop = PollLoop(descriptor: -1)
    loop.start(name: "urgent") { _ in }
    defer { loop.stop() }
    let (isGranted, own, started) = await Worker(loop).priority()
    // Where it is not permitted, nothing changes. The flag of inheritance is part of the policy.
    #expect((own & 0xFF == SCHED_FIFO) == isGranted && started == SCHED_OTHER)
  }
}
