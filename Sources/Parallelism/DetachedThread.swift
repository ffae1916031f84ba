internal import Glibc

/// Work on a new thread that nothing waits for.
package enum DetachedThread {
  package static func start(_ work: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(Work(work)).toOpaque())
    precondition(code == 0, "a thread cannot be started: \(String(cString: strerror(code)))")
    pthread_detach(thread)
  }

  private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
