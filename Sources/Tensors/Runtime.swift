internal import CTorch

/// Settings of libtorch for the whole process.
package enum Runtime {
  /// The version of libtorch: "2.11.0".
  package static var version: String { String(cString: ctorch_version()) }

  /// How many threads one operation may use.
  package static func setThreadCount(_ count: Int) throws(TensorError) {
    try Tensor.perform("thread count", []) { ctorch_set_thread_count(Int32(count)) }
  }

  /// Whether products of float32 matrices may be computed in bfloat16 and summed in float32: on CPUs with AMX more than
  /// twice as fast, at a relative error of 2⁻⁸ a factor; on others nothing changes.
  package static func setFastProducts(_ areFast: Bool) throws(TensorError) {
    try Tensor.perform("precision", []) { ctorch_set_fast_products(areFast) }
  }
}
