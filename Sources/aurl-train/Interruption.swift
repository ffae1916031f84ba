import Glibc
import Synchronization

/// Hears SIGINT, SIGTERM and SIGHUP, so that a run is saved before it ends. The second signal ends it at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Listens from now on. A file that reaches the largest size allowed is an error and does not end the program.
  static func listen() {
    // Nothing may be made for the first time within a handler.
    _ = isThere
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        let isFirst = Interruption.received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
        if !isFirst { _exit(128 + number) }
      }
    }
    signal(SIGXFSZ, SIG_IGN)
    // Who started the program may have blocked them.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
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
