import Dispatch
import Glibc
import Synchronization

/// Hears SIGINT, SIGTERM and SIGHUP, so that the program ends by itself: nothing goes on sounding, no file stays
/// half written. The second signal ends it at once.
final class Interruption: Sendable {
  // Dispatch sources may be used from any thread; Swift's overlay does not say so.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]
  private let received = SignalNumber()

  private final class SignalNumber: Sendable {
    let value = Atomic<Int32>(0)
  }

  /// Calls `handler` at the first signal, on a thread of its own choice.
  init(_ handler: @escaping @Sendable () -> Void) {
    let received = received
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        let isFirst = received.value.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
        if isFirst { handler() } else { _exit(128 + number) }
      }
      source.resume()
      return source
    }
  }

  /// The signal that was received, or nil.
  var signal: Int32? {
    let number = received.value.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Ends the program as the signal would have, so that a shell's loop ends with it; returns where none came.
  func passOn() {
    guard let number = signal else { return }
    Glibc.signal(number, SIG_DFL)
    // Dispatch blocks the signals that it watches.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
  }
}
