public import Tensors

/// An exponential moving average of parameters (Polyak & Juditsky 1992), with the short memory at the start that
/// keeps the initial values out of it.
public final class MovingAverage {
  public let decay: Double
  private let parameters: [Tensor]
  public let averages: [Tensor]
  /// How many steps were averaged; set when a run is resumed.
  public var step = 0

  public init(_ parameters: [Tensor], decay: Double) throws(TensorError) {
    self.decay = decay
    self.parameters = parameters
    averages = try parameters.map { parameter throws(TensorError) in
      try Gradients.unrecorded { () throws(TensorError) in
        try parameter.detached().copied().named("average of \(parameter.name ?? "parameter")")
      }
    }
  }

  /// Takes the parameters of a step into account.
  public func update() throws(TensorError) {
    step += 1
    let decay = min(decay, Double(step) / Double(step + 9))
    for (average, parameter) in zip(averages, parameters) {
      try average.scale(by: decay)
      try average.accumulate(parameter, times: 1 - decay)
    }
  }

  /// Puts the averages in place of the parameters, and the parameters in theirs; a second call takes it back.
  public func exchange() throws(TensorError) {
    for (average, parameter) in zip(averages, parameters) {
      let kept = try Gradients.unrecorded { () throws(TensorError) in try parameter.copied() }
      try parameter.assign(average)
      try average.assign(kept)
    }
  }
}
