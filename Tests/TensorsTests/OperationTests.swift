import TensorTestSupport
import Tensors
import Testing

@Suite struct OperationTests {
  static let all = Operation.ofElements + Operation.ofDimensions + Operation.ofNetworks

  @Test(arguments: all) func valuesAreThoseOfPlainArithmetic(_ operation: Operation) throws {
    let inputs = operation.inputs
    let expected = operation.expected(inputs)
    let double = try operation.apply(inputs.map { try Tensor($0) })
    #expect(double.type == .float64)
    expectClose([try PlainArray(double)], [expected], 1e-12)
    let single = try operation.apply(inputs.map { try Tensor($0).converted(to: .float32) })
    #expect(single.type == .float32)
    expectClose([try PlainArray(single)], [expected], 2e-5)
  }

  @Test(arguments: all) func gradientsAreFiniteDifferences(_ operation: Operation) throws {
    let leaves = try leaves(operation.inputs)
    let found = try PlainArray.gradients(of: Loss.of(operation.apply(leaves)), by: leaves)
    let expected = centralDifferences(at: operation.inputs) { Loss.of(operation.expected($0)) }
    expectClose(found, expected, 1e-6)
  }

  /// The gradient of the squared norm of a gradient, as in gradient penalties (R1, Mescheder et al. 2018).
  @Test(arguments: all) func gradientsOfGradientsAreFiniteDifferences(_ operation: Operation) throws {
    func penalty(_ leaves: [Tensor]) throws -> Tensor {
      let gradients = try Gradients.of(Loss.of(operation.apply(leaves)), by: leaves, differentiable: true)
      return try Tensor.stack(gradients.map { try #require($0).squared().sum() }).sum()
    }
    let leaves = try leaves(operation.inputs)
    guard operation.isTwiceDifferentiable else {
      #expect(throws: TensorError.self) { try PlainArray.gradients(of: penalty(leaves), by: leaves) }
      return
    }
    let found = try PlainArray.gradients(of: penalty(leaves), by: leaves)
    let expected = try centralDifferences(at: operation.inputs) { try penalty(self.leaves($0)).item() }
    expectClose(found, expected, 1e-6)
  }

  private func leaves(_ inputs: [PlainArray]) throws -> [Tensor] {
    try inputs.map { try Tensor($0).requireGradient() }
  }

  private func expectClose(_ found: [PlainArray], _ expected: [PlainArray], _ tolerance: Double) {
    for (found, expected) in zip(found, expected) {
      #expect(found.isClose(to: expected, tolerance), "\(found.values) and \(expected.values)")
    }
  }
}
