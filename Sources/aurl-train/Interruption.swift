import Glibc
import Synchronization

/// Hears SIGINT, SIGTERM and SIGHUP, so that a run is saved before it ends. A second signal ends it at once, but not
/// one right after the first: launchers pass on to their processes what a terminal or a timeout has sent these already.
///
/// A thread of its own waits for them, and no handler ever runs: oneDNN's kernels for AVX2 and AVX-512 compute with
/// the stack pointer at the start of a buffer in the heap, and the frame of a handler that interrupts one is written
/// over what lies below (uxlfoundation/oneDNN issue 4845; libtorch 2.11 has an oneDNN from before its cure).
enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let isHeld = Atomic<Bool>(false)

  /// What is listened to. Whoever started the program with a signal ignored, as nohup does, means it.
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

  /// Listens from now on; until `hold`, a signal ends the program as ever. Must come before anything starts threads,
  /// which inherit that signals wait. A file that reaches the largest size allowed is an error from now on and does not
  /// end the program, and neither does the end of whoever reads its messages, which Ctrl-C brings too.
  static func listen() {
    var (signals, thread) = (signals, pthread_t())
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let code = pthread_create(&thread, nil, { _ in Interruption.await() }, nil)
    precondition(code == 0, "no thread for signals: \(String(cString: strerror(code)))")
    for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
  }

  /// From now on the first signal leaves it to the program to end.
  static func hold() { isHeld.store(true, ordering: .relaxed) }

  static var isThere: Bool { received.load(ordering: .relaxed) != 0 }

  /// Ends the program as the signal would have, so that a shell's loop ends with it; returns where none came.
  static func passOn() {
    let number = received.load(ordering: .relaxed)
    if number != 0 { end(by: number) }
  }

  private static func await() -> Never {
    var (signals, number) = (signals, Int32(0))
    var first: ContinuousClock.Instant?
    while true {
      guard sigwait(&signals, &number) == 0 else { continue }
      guard isHeld.load(ordering: .relaxed), first.map({ .now - $0 < .seconds(1) }) ?? true else { end(by: number) }
      if first == nil { received.store(number, ordering: .relaxed) }
      first = first ?? .now
    }
  }

  private static func end(by number: Int32) -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
    _exit(128 + number)
  }
}
