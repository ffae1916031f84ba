internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into an event, so that a program ends cleanly: no note hangs, no file is left half
/// written, and a training run is saved. A second signal ends the program at once, unless it comes within a second of the
/// first: launchers and `timeout` forward signals that the terminal has already sent to their child processes.
///
/// A thread waits for the signals, and no signal handler is installed: oneDNN's kernels for AVX2 and AVX-512 compute with
/// the stack pointer at the start of a buffer in the heap, and the frame of a handler that interrupts one is written
/// over the memory below (uxlfoundation/oneDNN issue 4845; libtorch 2.11 contains a oneDNN without the fix).
package enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let handler = Mutex<(@Sendable () -> Void)?>(nil)
  private static let firstReceived = Mutex<ContinuousClock.Instant?>(nil)

  /// The handled signals. One that was ignored when the program started, for example by nohup or for a background
  /// job of a shell script, stays ignored.
  private static let signals: sigset_t = {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      sigaction(number, nil, &action)
      let isIgnored =
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if !isIgnored { sigaddset(&signals, number) }
    }
    return signals
  }()

  private static let thread: pthread_t = {
    var (signals, thread) = (Interruption.signals, pthread_t())
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let code = pthread_create(&thread, nil, { _ in Interruption.wait() }, nil)
    precondition(code == 0, "could not create the signal thread: \(String(cString: strerror(code)))")
    return thread
  }()

  /// Waits for signals from now on; until `handle`, a signal ends the program as by default.
  ///
  /// Must be called before the program starts threads that do not block these signals, since such threads would receive them.
  /// Threads of Dispatch, and therefore of Swift's tasks, block all signals.
  package static func listen() { _ = thread }

  /// From now on the first signal does not end the process; the program is expected to exit by itself.
  ///
  /// - Parameter handler: is called at the first signal, on a thread of its own.
  package static func handle(_ handler: @escaping @Sendable () -> Void = {}) {
    self.handler.withLock { $0 = handler }
    listen()
  }

  // Dispatch sources may be used from any thread; Swift's overlay does not say so.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// The same with Dispatch sources, for programs whose threads do not block the signals; may be called once.
  package static func handleByDispatch(_ handler: @escaping @Sendable () -> Void) {
    self.handler.withLock { $0 = handler }
    var signals = Interruption.signals
    sources = [SIGINT, SIGTERM, SIGHUP].filter { sigismember(&signals, $0) == 1 }.map { number in
      Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { receive(number) }
      source.resume()
      return source
    }
  }

  /// The first signal that was received, or nil.
  package static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Ends the program by the signal that was received, so that a shell loop ends too; returns if there was none.
  package static func passOn() {
    if let signal { end(by: signal) }
  }

  private static func wait() -> Never {
    var (signals, number) = (Interruption.signals, Int32(0))
    while true {
      guard sigwait(&signals, &number) == 0 else { continue }
      receive(number)
    }
  }

  private static func receive(_ number: Int32) {
    guard let handler = handler.withLock({ $0 }) else { end(by: number) }
    let sinceFirst = firstReceived.withLock { first -> Duration? in
      defer { first = first ?? .now }
      return first.map { .now - $0 }
    }
    if let sinceFirst {
      if sinceFirst >= .seconds(1) { end(by: number) }
      return
    }
    received.store(number, ordering: .relaxed)
    handler()
  }

  private static func end(by number: Int32) -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    Glibc.signal(number, SIG_DFL)
    raise(number)
    _exit(128 + number)
  }
}
