internal import CTorch

// Dimensions count from 0, or backwards from −1; none given means all of them.
extension Tensor {
  package func sum(_ dimensions: Int..., keeping: Bool = false) throws(TensorError) -> Tensor {
    try reduced("sum", CTORCH_SUM, dimensions, keeping)
  }
  package func mean(_ dimensions: Int..., keeping: Bool = false) throws(TensorError) -> Tensor {
    try reduced("mean", CTORCH_MEAN, dimensions, keeping)
  }
  package func largest(_ dimensions: Int..., keeping: Bool = false) throws(TensorError) -> Tensor {
    try reduced("largest", CTORCH_LARGEST, dimensions, keeping)
  }
  package func smallest(_ dimensions: Int..., keeping: Bool = false) throws(TensorError) -> Tensor {
    try reduced("smallest", CTORCH_SMALLEST, dimensions, keeping)
  }
  /// log Σ eˣ, without overflow.
  package func logSumExp(_ dimensions: Int..., keeping: Bool = false) throws(TensorError) -> Tensor {
    try reduced("logSumExp", CTORCH_LOG_SUM_EXP, dimensions, keeping)
  }

  package func softmax(_ dimension: Int = -1) throws(TensorError) -> Tensor {
    try scanned("softmax", CTORCH_SOFTMAX, dimension)
  }
  package func logSoftmax(_ dimension: Int = -1) throws(TensorError) -> Tensor {
    try scanned("logSoftmax", CTORCH_LOG_SOFTMAX, dimension)
  }
  /// The sum of each element and all before it.
  package func cumulativeSum(_ dimension: Int) throws(TensorError) -> Tensor {
    try scanned("cumulativeSum", CTORCH_CUMULATIVE_SUM, dimension)
  }
  /// The indices of the largest elements, as int64; the dimension is removed.
  package func argmax(_ dimension: Int = -1) throws(TensorError) -> Tensor {
    try scanned("argmax", CTORCH_ARGMAX, dimension)
  }

  private func reduced(
    _ name: StaticString, _ code: CTorchReduction, _ dimensions: [Int], _ keeping: Bool
  ) throws(TensorError) -> Tensor {
    let chosen = (dimensions.isEmpty ? Array(shape.indices) : dimensions).map(Int64.init)
    return try Tensor.make(name, [self]) { ctorch_reduce($0, code, handle, chosen, chosen.count, keeping, &$1) }
  }

  private func scanned(_ name: StaticString, _ code: CTorchScan, _ dimension: Int) throws(TensorError) -> Tensor {
    try Tensor.make(name, [self]) { ctorch_scan($0, code, handle, Int64(dimension), &$1) }
  }
}
