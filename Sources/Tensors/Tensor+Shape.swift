internal import CTorch

extension Tensor {
  /// The same elements in another shape; one length may be −1.
  package func reshaped(_ lengths: [Int]) throws(TensorError) -> Tensor {
    let shape = lengths.map(Int64.init)
    return try Tensor.make("reshape", [self]) { ctorch_reshape($0, handle, shape, shape.count, &$1) }
  }

  /// Repeats dimensions of length 1 without copying; −1 leaves a dimension unchanged.
  package func expanded(_ lengths: [Int]) throws(TensorError) -> Tensor {
    let shape = lengths.map(Int64.init)
    return try Tensor.make("expand", [self]) { ctorch_expand($0, handle, shape, shape.count, &$1) }
  }

  /// The dimensions in another order.
  package func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    let order = order.map(Int64.init)
    return try Tensor.make("permute", [self]) { ctorch_permute($0, handle, order, order.count, &$1) }
  }

  /// The last two dimensions exchanged.
  package func transposed() throws(TensorError) -> Tensor {
    var order = Array(shape.indices)
    guard order.count >= 2 else {
      throw TensorError(operation: "transpose", operands: [label], reason: "it has no two dimensions")
    }
    order.swapAt(order.count - 1, order.count - 2)
    return try permuted(order)
  }

  /// The elements of `range` of a dimension.
  package func slice(_ dimension: Int, _ range: Range<Int>) throws(TensorError) -> Tensor {
    try Tensor.make("slice", [self]) {
      ctorch_narrow($0, handle, Int64(dimension), Int64(range.lowerBound), Int64(range.count), &$1)
    }
  }

  /// Splits a dimension into consecutive parts of these lengths.
  package func split(_ dimension: Int, into lengths: [Int]) throws(TensorError) -> [Tensor] {
    var parts: [Tensor] = []
    var start = 0
    for length in lengths {
      parts.append(try slice(dimension, start..<start + length))
      start += length
    }
    return parts
  }

  /// Concatenates tensors along a dimension.
  package static func concatenate(_ tensors: [Tensor], _ dimension: Int) throws(TensorError) -> Tensor {
    let handles = tensors.map { Optional($0.handle) }
    return try make("concatenate", tensors) { ctorch_concatenate($0, handles, handles.count, Int64(dimension), &$1) }
  }

  /// A new dimension of length 1.
  package func unsqueezed(_ dimension: Int) throws(TensorError) -> Tensor {
    var lengths = shape
    let place = dimension < 0 ? lengths.count + 1 + dimension : dimension
    guard (0...lengths.count).contains(place) else {
      throw TensorError(operation: "unsqueeze", operands: [label], reason: "it has no place for dimension \(dimension)")
    }
    lengths.insert(1, at: place)
    return try reshaped(lengths)
  }

  /// Stacks tensors of one shape along a new dimension.
  package static func stack(_ tensors: [Tensor], _ dimension: Int = 0) throws(TensorError) -> Tensor {
    var parts: [Tensor] = []
    for tensor in tensors { parts.append(try tensor.unsqueezed(dimension)) }
    return try concatenate(parts, dimension)
  }

  /// The elements of a dimension with the indices `indices` [n].
  package func rows(_ indices: Tensor, _ dimension: Int = 0) throws(TensorError) -> Tensor {
    try Tensor.make("rows", [self, indices], name: name) {
      ctorch_index_select($0, handle, Int64(dimension), indices.handle, &$1)
    }
  }

  /// Gathers elements along a dimension by `indices`, which have the shape of the result.
  package func gathered(_ dimension: Int, _ indices: Tensor) throws(TensorError) -> Tensor {
    try Tensor.make("gather", [self, indices]) { ctorch_gather($0, handle, Int64(dimension), indices.handle, &$1) }
  }

  /// Repeats every element of a dimension `times` times.
  package func repeated(_ times: Int, _ dimension: Int) throws(TensorError) -> Tensor {
    try Tensor.make("repeat", [self]) { ctorch_repeat_interleave($0, handle, Int64(times), Int64(dimension), &$1) }
  }

  /// Pads the last dimension with `before` and `after` elements of `value`.
  package func padded(before: Int, after: Int, value: Double = 0) throws(TensorError) -> Tensor {
    try Tensor.make("pad", [self]) { ctorch_pad($0, handle, [Int64(before), Int64(after)], 2, value, &$1) }
  }

  /// Sliding windows of `size` every `step` along a dimension, as a new last dimension.
  package func windows(_ dimension: Int, size: Int, step: Int) throws(TensorError) -> Tensor {
    try Tensor.make("windows", [self]) {
      ctorch_unfold($0, handle, Int64(dimension), Int64(size), Int64(step), &$1)
    }
  }

  package func converted(to type: ScalarType) throws(TensorError) -> Tensor {
    try Tensor.make("convert", [self], name: name) { ctorch_convert($0, handle, type.code, device.number, &$1) }
  }

  package func moved(to device: Device) throws(TensorError) -> Tensor {
    try Tensor.make("move", [self], name: name) { ctorch_convert($0, handle, type.code, device.number, &$1) }
  }
}
