package import Tensors

/// An exponential moving average of parameters (Polyak & Juditsky 1992), with the short memory at the start that
/// keeps the initial values out of it. Buffers are averaged as well: those of one step do not fit other parameters.
package final class MovingAverage {
  package let decay: Double
  private let tensors: [Tensor]
  /// In the order of `Parameters.all`.
  package let averages: [Tensor]
  /// How many steps were averaged; set when a run is resumed.
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

  /// Takes the tensors of a step into account.
  package func update() throws(TensorError) {
    step += 1
    let decay = min(decay, Double(step) / Double(step + 9))
    for (average, tensor) in zip(averages, tensors) {
      try average.scale(by: decay)
      try average.accumulate(tensor, times: 1 - decay)
    }
  }

  /// Puts the averages in place of the tensors, and the tensors in theirs; a second call takes it back.
  package func exchange() throws(TensorError) {
    for (average, tensor) in zip(averages, tensors) {
      let kept = try Gradients.unrecorded { () throws(TensorError) in try tensor.copied() }
      try tensor.assign(average)
      try average.assign(kept)
    }
  }
}
