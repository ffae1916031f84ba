internal import Foundation
package import Tensors

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019). Matrices decay; norms, biases and other vectors
/// do not. Optionally the matrices of blocks are updated by Muon instead.
package final class AdamW {
  package struct Settings: Codable, Hashable, Sendable {
    package var beta1 = 0.9
    package var beta2 = 0.95
    package var epsilon = 1e-8
    package var weightDecay = 0.1
    package var usesMuon = false

    package init(
      beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-8, weightDecay: Double = 0.1,
      usesMuon: Bool = false
    ) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.usesMuon = usesMuon
    }
  }

  package let parameters: [Tensor]
  package let settings: Settings
  /// Running averages of the gradients and of their squares, in the order of the parameters; for matrices updated by Muon
  /// its momentum, and zeros.
  package let firstMoments: [Tensor]
  package let secondMoments: [Tensor]
  /// The number of steps made; set when a run is resumed.
  package var step = 0

  package init(_ parameters: [Tensor], settings: Settings = Settings()) throws(TensorError) {
    self.parameters = parameters
    self.settings = settings
    var moments: [[Tensor]] = [[], []]
    for parameter in parameters {
      for (index, kind) in ["first moment", "second moment"].enumerated() {
        moments[index].append(
          try Tensor.zeros(parameter.shape, on: parameter.device, name: "\(kind) of \(parameter.name ?? "parameter")"))
      }
    }
    firstMoments = moments[0]
    secondMoments = moments[1]
  }

  /// Updates the parameters from their gradients; parameters without a gradient are unchanged.
  package func step(learningRate: Double) throws(TensorError) {
    step += 1
    let firstCorrection = 1 - pow(settings.beta1, Double(step))
    let secondCorrection = 1 - pow(settings.beta2, Double(step))
    // m / c₁ / (√(v / c₂) + ε) = (√c₂ / c₁) m / (√v + √c₂ ε)
    let root = secondCorrection.squareRoot()
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = try parameter.gradient() else { continue }
      let (first, second) = (firstMoments[index], secondMoments[index])
      if parameter.shape.count > 1 { try parameter.scale(by: 1 - learningRate * settings.weightDecay) }
      if settings.usesMuon, Muon.applies(to: parameter) {
        try Muon.update(parameter, gradient: gradient, average: first, learningRate: learningRate)
        continue
      }
      try first.scale(by: settings.beta1)
      try first.accumulate(gradient, times: 1 - settings.beta1)
      try second.scale(by: settings.beta2)
      try second.accumulateProduct(gradient, gradient, times: 1 - settings.beta2)
      try parameter.accumulateQuotient(
        first, bySquareRootOf: second, epsilon: root * settings.epsilon, times: -learningRate * root / firstCorrection)
    }
  }

  package func clearGradients() throws(TensorError) {
    for parameter in parameters { try parameter.clearGradient() }
  }
}
