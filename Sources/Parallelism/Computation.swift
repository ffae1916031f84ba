internal import Dispatch
internal import Glibc
internal import Synchronization

/// A value that is being computed on a thread of its own: it takes none from the tasks that wait for other things, of
/// which a machine with one processor has one.
package final class Computation<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let group = DispatchGroup()

  package init(_ work: @escaping @Sendable () -> Value) {
    group.enter()
    let body = ThreadBody { [self] in
      let result = work()
      value.withLock { $0 = result }
      group.leave()
    }
    body.start()
  }

  /// The value; waits until it is there.
  package var result: Value {
    group.wait()
    guard let value = value.withLock({ $0 }) else { preconditionFailure("the work has ended") }
    return value
  }
}

/// What a thread does.
private final class ThreadBody: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  func start() {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(code == 0, "a thread cannot be started: \(String(cString: strerror(code)))")
    pthread_detach(thread)
  }
}
