import Glibc
import Synchronization

/// Hears SIGINT, SIGTERM and SIGHUP, so that a run is saved before it ends. A second signal ends it at once, but not
/// one right after the first: launchers pass on to their processes what a terminal or a timeout has sent these already.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When the first came, in milliseconds of the clock.
  private static let time = Atomic<Int>(0)
  private static let pause = 1000

  /// Listens from now on. A file that reaches the largest size allowed is an error and does not end the program.
  static func listen() {
    // Nothing may be made for the first time within a handler.
    _ = (isThere, time.load(ordering: .relaxed), milliseconds)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        let now = Interruption.milliseconds
        let (isFirst, first) = Interruption.time.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        if isFirst {
          Interruption.received.store(number, ordering: .relaxed)
        } else if now - first > Interruption.pause {
          _exit(128 + number)
        }
      }
    }
    signal(SIGXFSZ, SIG_IGN)
    // Who started the program may have blocked them.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static var milliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  static var isThere: Bool { received.load(ordering: .relaxed) != 0 }

  /// Ends the program as the signal would have, so that a shell's loop ends with it; returns where none came.
  static func passOn() {
    let number = received.load(ordering: .relaxed)
    guard number != 0 else { return }
    signal(number, SIG_DFL)
    raise(number)
  }
}
