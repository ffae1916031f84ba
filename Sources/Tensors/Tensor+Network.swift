internal import CTorch

extension Tensor {
  /// x Wᵀ + b: [… in] with weight [out, in] → [… out].
  package func linear(_ weight: Tensor, bias: Tensor? = nil) throws(TensorError) -> Tensor {
    try Tensor.make("linear", [self, weight] + (bias.map { [$0] } ?? [])) {
      ctorch_linear($0, handle, weight.handle, bias?.handle, &$1)
    }
  }

  /// The rows of a table [n, d] with the indices `ids`: [… ] → [… d].
  package func embedding(_ ids: Tensor) throws(TensorError) -> Tensor {
    try Tensor.make("embedding", [self, ids]) { ctorch_embedding($0, handle, ids.handle, &$1) }
  }

  /// One-hot encoding of ids: [… ] → [… classes].
  package func oneHot(_ classes: Int, type: ScalarType = .float32) throws(TensorError) -> Tensor {
    try Tensor.make("oneHot", [self]) { ctorch_one_hot(handle, Int64(classes), type.code, &$1) }
  }

  /// The values of `hard` with the gradients of this tensor (Bengio 2013, straight-through).
  package func straightThrough(_ hard: Tensor) throws(TensorError) -> Tensor {
    try hard.detached() + (self - detached())
  }

  /// x / √(mean x² + ε) · weight over the last dimension (Zhang & Sennrich 2019).
  package func rmsNorm(_ weight: Tensor, epsilon: Double) throws(TensorError) -> Tensor {
    try Tensor.make("rmsNorm", [self, weight]) { ctorch_rms_norm($0, handle, weight.handle, epsilon, &$1) }
  }

  /// Multiplies pairs of neighbors in the last dimension, as complex numbers, by those of `angles` [… w / 2, 2]: [… w]
  /// → [… w].
  package func rotated(by angles: Tensor) throws(TensorError) -> Tensor {
    try Tensor.make("turn", [self, angles]) { ctorch_turn($0, handle, angles.handle, &$1) }
  }

  /// Attention of queries [… n, w] over keys and values [… m, w], scores scaled by 1/√w (Vaswani 2017). `mask` is true
  /// where a query may attend; a query without any such key gets zeros. Queries and keys have four dimensions.
  ///
  /// - Parameter fused: whether a fused kernel may be used, whose gradient cannot be differentiated again.
  package static func attention(
    _ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: Tensor? = nil, causal: Bool = false, fused: Bool = true
  ) throws(TensorError) -> Tensor {
    try make("attention", [queries, keys, values] + (mask.map { [$0] } ?? [])) {
      ctorch_attention($0, queries.handle, keys.handle, values.handle, mask?.handle, causal, fused, &$1)
    }
  }

  /// −log softmax(logits)[target] of logits [n, classes] and targets [n] → [n]; 0 for targets equal to `ignored`.
  package func crossEntropy(_ targets: Tensor, ignoring ignored: Int) throws(TensorError) -> Tensor {
    try Tensor.make("crossEntropy", [self, targets]) {
      ctorch_cross_entropy($0, handle, targets.handle, Int64(ignored), &$1)
    }
  }

  /// One-dimensional convolution: [b, in, n] with weight [out, in, k] → [b, out, m].
  package func convolution(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
  ) throws(TensorError) -> Tensor {
    try Tensor.make("convolution", [self, weight] + (bias.map { [$0] } ?? [])) {
      ctorch_convolution($0, handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), &$1)
    }
  }

  /// The singular values of a matrix, the largest first.
  package func singularValues() throws(TensorError) -> Tensor {
    try Tensor.make("singularValues", [self]) { ctorch_singular_values($0, handle, &$1) }
  }
}
