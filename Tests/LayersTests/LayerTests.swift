import Layers
import TensorTestSupport
import Tensors
import Testing

@Suite struct LayerTests {
  @Test(arguments: Layer.all) func valuesAreThoseOfTheDefinition(_ layer: Layer) throws {
    let instance = try layer.instance()
    let found = try PlainArray(instance.apply(Tensor(instance.input).converted(to: .float32)))
    expectClose(found, layer.expected(try instance.plain, names: instance.names), 2e-5)
  }

  @Test(arguments: Layer.all) func gradientsAreFiniteDifferencesOfTheDefinition(_ layer: Layer) throws {
    let instance = try layer.instance()
    let x = try Tensor(instance.input).converted(to: .float32).requireGradient()
    let leaves = [x] + instance.parameters
    let found = try PlainArray.gradients(of: Loss.of(instance.apply(x)), by: leaves)
    let expected = centralDifferences(at: try instance.plain) {
      Loss.of(layer.expected($0, names: instance.names))
    }
    for (found, expected) in zip(found, expected) { expectClose(found, expected, 5e-4) }
  }

  /// With a mantissa of eight bits, results are close to single precision but not the same.
  @Test(arguments: Layer.all.filter(\.hasProducts)) func mixedPrecisionIsCloseToSingle(_ layer: Layer) throws {
    let results = try Precision.allCases.map { precision in
      let instance = try layer.instance(precision)
      return try instance.apply(Tensor(instance.input).converted(to: .float32)).doubles()
    }
    let size = (results[0].reduce(0) { $0 + $1 * $1 } / Double(results[0].count)).squareRoot()
    #expect(zip(results[0], results[1]).allSatisfy { abs($0 - $1) < 0.05 * size })
    #expect(results[0] != results[1])
  }

  @Test(arguments: Layer.all) func wrongWidthsNameATensor(_ layer: Layer) throws {
    let instance = try layer.instance()
    let wrong = try Tensor.zeros(layer.shape.dropLast() + [(layer.shape.last ?? 0) + 1])
    let error = try #require(throws: TensorError.self) { _ = try instance.apply(wrong) }
    #expect(error.operands.contains { operand in instance.names.contains { operand.hasPrefix($0 + " [") } }, "\(error)")
  }

  private func expectClose(_ found: PlainArray, _ expected: PlainArray, _ tolerance: Double) {
    #expect(found.isClose(to: expected, tolerance), "\(found.values) and \(expected.values)")
  }
}
