internal import Glibc

/// How the threads of OpenMP wait for work, of which libtorch has one for each processor.
///
/// The runtime reads its environment when it is loaded, and by default a thread that waits spins for milliseconds: where
/// another program wants the processor, each of the many short operations of a training step then waits for threads that
/// only spin.
package enum OpenMPWaiting {
  /// How often a waiting thread of GNU's runtime looks for work before it sleeps; some microseconds.
  private static let spinCount = 1000

  /// Bounds the waiting in programs that this one starts or goes on as.
  ///
  /// - Returns: whether the environment was changed; it is not where it says already how to wait.
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
