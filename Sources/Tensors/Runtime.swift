internal import CTorch

/// Settings of libtorch for the whole process.
package enum Runtime {
  /// The version of libtorch: "2.11.0".
  package static var version: String { String(cString: ctorch_version()) }

  /// Sets the number of threads of one operation.
  package static func setThreadCount(_ count: Int) throws(TensorError) {
    try Tensor.perform("thread count", []) { ctorch_set_thread_count(Int32(count)) }
  }

  /// Sets whether float32 matrix products may use bfloat16 factors with float32 accumulation: more than twice as fast
  /// on CPUs with AMX, with a relative error of 2⁻⁸ per factor; no change on others.
  package static func setFastProducts(_ areFast: Bool) throws(TensorError) {
    try Tensor.perform("precision", []) { ctorch_set_fast_products(areFast) }
  }
}
