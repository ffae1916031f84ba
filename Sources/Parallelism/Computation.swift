internal import Dispatch
internal import Synchronization

/// A value that is being computed on a thread of its own: it takes none from the tasks that wait for other things, of
/// which a machine with one processor has one.
package final class Computation<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let group = DispatchGroup()

  package init(_ work: @escaping @Sendable () -> Value) {
    group.enter()
    DetachedThread.start { [self] in
      let result = work()
      value.withLock { $0 = result }
      group.leave()
    }
  }

  /// The value; waits until it is there.
  package var result: Value {
    group.wait()
    guard let value = value.withLock({ $0 }) else { preconditionFailure("the work has ended") }
    return value
  }
}
