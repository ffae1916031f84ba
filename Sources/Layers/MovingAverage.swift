package import Tensors

/// An exponential moving average of parameters (Polyak & Juditsky 1992), with a decay that is smaller at the start, so
/// that initial values do not persist. Buffers are averaged too, since those of one step do not match averaged
/// parameters.
package final class MovingAverage {
  package let decay: Double
  private let tensors: [Tensor]
  /// In the order of `Parameters.all`.
  package let averages: [Tensor]
  /// The number of steps averaged; set when a run is resumed.
  package var step = 0

  package init(_ parameters: Parameters, decay: Double) throws(TensorError) {
    self.decay = decay
    tensors = parameters.all
    averages = try tensors.map { tensor throws(TensorError) in
      try Gradients.unrecorded { () throws(TensorError) in
        try tensor.detached().copied().named("average of \(tensor.name ?? "parameter")")
      }
    }
  }

  /// Updates the averages with the current tensors.
  package func update() throws(TensorError) {
    step += 1
    let decay = min(decay, Double(step) / Double(step + 9))
    for (average, tensor) in zip(averages, tensors) {
      try average.scale(by: decay)
      try average.accumulate(tensor, times: 1 - decay)
    }
  }

  /// Swaps the averages and the tensors; a second call restores them.
  package func exchange() throws(TensorError) {
    for (average, tensor) in zip(averages, tensors) {
      let kept = try Gradients.unrecorded { () throws(TensorError) in try tensor.copied() }
      try tensor.assign(average)
      try average.assign(kept)
    }
  }
}
