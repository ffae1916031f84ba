internal import Glibc

/// Configures how OpenMP's threads wait for work; libtorch starts one for each processor.
///
/// The runtime reads its environment when it is loaded. By default a waiting thread spins for milliseconds: if
/// another program needs the processor, each of the many short operations of a training step then waits for threads that
/// only spin.
package enum OpenMPWaiting {
  /// The number of times a waiting thread of GNU's runtime polls before it sleeps; a few microseconds.
  private static let spinCount = 1000

  /// Bounds the spinning in programs that this one executes.
  ///
  /// - Returns: whether the environment was changed; it is not if it already configures the waiting.
  package static func bound() -> Bool {
    guard ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"].allSatisfy({ Environment[$0] == nil }) else {
      return false
    }
    setenv("GOMP_SPINCOUNT", "\(spinCount)", 1)
    // In milliseconds, for the runtime of LLVM and Intel.
    setenv("KMP_BLOCKTIME", "0", 1)
    return true
  }
}
