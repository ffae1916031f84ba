internal import CALSA
internal import Glibc
internal import Parallelism
internal import Synchronization

/// A thread that runs Swift jobs and, between them, polls a file descriptor: the executor of a sequencer client, whose
/// state therefore needs no lock, and which answers a message without switching threads. Other actors use it for its
/// ticks.
package final class PollLoop: SerialExecutor {
  private struct Job {
    var job: UnownedJob
    /// The task's preferred executor, if it has one.
    var taskExecutor: UnownedTaskExecutor?
  }

  private struct State {
    var jobs: [Job] = []
    var isStopped = false
    /// Whether the thread waits or is about to, and must be woken.
    var isAsleep = false
    var ignoresDescriptor = false
    var wantsOutput = false
    var tickInterval: Duration?
  }

  /// Why the loop calls `onReady`.
  package enum Reason: Sendable {
    case input, room, tick
  }

  private let state = Mutex(State())
  private let thread = Atomic<UInt>(0)
  private let wakeup: Int32
  private let descriptor: Int32

  /// - Parameter descriptor: a file descriptor, which must stay open while the loop runs; negative for none.
  package init(descriptor: Int32) {
    self.descriptor = descriptor
    wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
  }

  deinit { close(wakeup) }

  /// Starts the thread, which calls `onReady` when there is something to read, room to write or a tick is due.
  ///
  /// - Parameter name: The name of the thread in lists of the system, which show its first 15 bytes.
  package func start(name: String, onReady: @escaping @Sendable (Reason) -> Void) {
    DetachedThread.start { [self] in run(name, onReady) }
  }

  /// Ends the thread when it has run the jobs it has.
  package func stop() {
    state.withLock { $0.isStopped = true }
    wake()
  }

  /// Gives the loop's thread real-time priority (SCHED_FIFO), and not the threads that it starts. Must be called on that
  /// thread.
  ///
  /// - Returns: false if the system does not permit it.
  package func takeRealTimePriority() -> Bool {
    precondition(isCurrent, "not on the loop's thread")
    // A priority below those of sound servers and device drivers; the flag is SCHED_RESET_ON_FORK.
    var parameters = sched_param(sched_priority: 10)
    return sched_setscheduler(0, SCHED_FIFO | 0x4000_0000, &parameters) == 0
  }

  /// Stops polling the descriptor; jobs are still run.
  func ignoreDescriptor() { state.withLock { $0.ignoresDescriptor = true } }

  /// Whether to report when the descriptor becomes writable.
  var wantsOutput: Bool {
    get { state.withLock { $0.wantsOutput } }
    set { state.withLock { $0.wantsOutput = newValue } }
  }

  /// The interval between ticks; nil for none. Must be set on the loop's thread.
  package var tickInterval: Duration? {
    get { state.withLock { $0.tickInterval } }
    set { state.withLock { $0.tickInterval = newValue } }
  }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) { enqueue(Job(job: UnownedJob(job), taskExecutor: nil)) }

  fileprivate func enqueue(_ job: consuming ExecutorJob, on taskExecutor: UnownedTaskExecutor) {
    enqueue(Job(job: UnownedJob(job), taskExecutor: taskExecutor))
  }

  private func enqueue(_ job: Job) {
    let mustWake = state.withLock { state in
      state.jobs.append(job)
      defer { state.isAsleep = false }
      return state.isAsleep
    }
    if mustWake { wake() }
  }

  package func checkIsolated() {
    precondition(isCurrent, "not on the thread of the sequencer client")
  }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  private var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeup, &one, 8)
  }

  // MARK: The thread

  private func run(_ name: String, _ onReady: (Reason) -> Void) {
    if let file = fopen("/proc/thread-self/comm", "w") {
      fputs(name, file)
      fclose(file)
    }
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    var jobs: [Job] = []
    var lastTick = ContinuousClock.now
    while runJobs(&jobs) {
      guard let interval = tickInterval else {
        wait(for: -1, onReady)
        continue
      }
      let remaining = ContinuousClock.now.duration(to: lastTick + interval)
      wait(for: Int32(clamping: Int((max(.zero, remaining) / .milliseconds(1)).rounded(.up))), onReady)
      if ContinuousClock.now >= lastTick + interval {
        onReady(.tick)
        lastTick = .now
      }
    }
  }

  /// Runs jobs until there are none; false if the loop has been stopped. `jobs` is a buffer that is reused.
  private func runJobs(_ jobs: inout [Job]) -> Bool {
    while true {
      let isStopped = state.withLock { state in
        swap(&state.jobs, &jobs)
        state.isAsleep = jobs.isEmpty
        return state.isStopped
      }
      if jobs.isEmpty { return !isStopped }
      for job in jobs {
        if let executor = job.taskExecutor {
          job.job.runSynchronously(on: executor)
        } else {
          job.job.runSynchronously(on: asUnownedSerialExecutor())
        }
      }
      jobs.removeAll(keepingCapacity: true)
    }
  }

  private func wait(for milliseconds: Int32, _ onReady: (Reason) -> Void) {
    let (ignoresDescriptor, events) = state.withLock {
      ($0.ignoresDescriptor, Int16($0.wantsOutput ? POLLIN | POLLOUT : POLLIN))
    }
    var descriptors = (
      pollfd(fd: ignoresDescriptor ? -1 : descriptor, events: events, revents: 0),
      pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
    )
    let count = withUnsafeMutableBytes(of: &descriptors) {
      poll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, milliseconds)
    }
    // Jobs enqueued from here on need not wake the thread: it checks for jobs before the next wait.
    state.withLock { $0.isAsleep = false }
    guard count > 0 else { return }
    if descriptors.1.revents != 0 {
      var value: UInt64 = 0
      _ = Glibc.read(wakeup, &value, 8)
    }
    if descriptors.0.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0 { onReady(.input) }
    if descriptors.0.revents & Int16(POLLOUT) != 0 { onReady(.room) }
  }
}

/// The thread of a loop for tasks that prefer it. It is a separate executor, because tasks are not isolated to the
/// actor: on the actor's executor the runtime would switch executors at every step.
package final class LoopTaskExecutor: TaskExecutor {
  private let loop: PollLoop

  package init(_ loop: PollLoop) { self.loop = loop }

  package func enqueue(_ job: consuming ExecutorJob) { loop.enqueue(job, on: asUnownedTaskExecutor()) }
}
