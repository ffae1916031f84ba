import Foundation
import Layers
import ModelFormat
import Tensors
import Testing
import VAEGAN

struct FlowTests {
  /// A flow and its parameters: u, w and b of each layer.
  private func flow(layers: Int, dimensions: Int) throws -> (flow: Flow, parameters: [Tensor]) {
    let model = try model {
      $0.latents?.global = dimensions
      $0.latents?.prior = .flow
      $0.latents?.flowLayers = layers
    }
    guard case .flow(let flow)? = model.prior?.global else { preconditionFailure("the prior is a flow") }
    return (flow, model.parameters.parameters.filter { $0.name?.contains("flow") == true })
  }

  /// With independent u and w, and with u = −w, for which wᵀu is far below −1 and only û keeps a layer invertible.
  /// Where a layer is nearly flat, float32 preserves only two digits of a point.
  @Test(arguments: [false, true]) func flowsInvert(opposed: Bool) throws {
    let (flow, parameters) = try flow(layers: 6, dimensions: 16)
    let generator = try Generator(seed: 9)
    for parameter in parameters { try parameter.accumulate(generator.normal(parameter.shape), times: 0.5) }
    try Gradients.unrecorded {
      if opposed {
        for u in stride(from: 0, to: parameters.count, by: 3) { try parameters[u].assign(-parameters[u + 1]) }
      }
      let x = try Generator(seed: 7).normal([500, 16]) * 2
      let base = try flow(x).base
      #expect(largestDifference(try flow.inverse(base).floats(), try x.floats()) < 0.02)
      #expect(largestDifference(try base.floats(), try x.floats()) > 0.1)
    }
  }

  /// With wᵀu = −20 the slope at 0 is softplus(−20), which would be lost in 1 − (1 − tanh²).
  @Test(arguments: [0, 1e-4, 1e-3, 0.1, 3]) func aLayerIsNowhereCompletelyFlat(at place: Double) throws {
    let (flow, parameters) = try flow(layers: 1, dimensions: 2)
    for (parameter, values) in zip(parameters, [[-20, 0], [1, 0], [0]] as [[Float]]) {
      try parameter.assign(Tensor(values, [values.count]))
    }
    let squared = pow(tanh(place), 2)
    let expected = log(squared + (1 - squared) * log1p(exp(-20)))
    let found = try flow(Tensor([Float(place), 1], [1, 2])).logDeterminant.item()
    #expect(abs(found - expected) < 1e-5, "\(found) and \(expected)")
  }

  @Test func aLayerWithoutDirectionMovesAllPointsAlike() throws {
    let (flow, parameters) = try flow(layers: 1, dimensions: 2)
    for (parameter, values) in zip(parameters, [[1, 2], [0, 0], [0.5]] as [[Float]]) {
      try parameter.assign(Tensor(values, [values.count]))
    }
    let (base, logDeterminant) = try flow(Tensor([3, 4] as [Float], [1, 2]))
    let bent = Float(tanh(0.5))
    #expect(largestDifference(try base.floats(), [3 + bent, 4 + 2 * bent]) < 1e-6)
    #expect(abs(try logDeterminant.item()) < 1e-6)
    #expect(largestDifference(try flow.inverse(base).floats(), [3, 4]) < 1e-6)
  }
}
