import TensorTestSupport
import Tensors
import TestSupport
import Testing

@Suite struct GradientsTests {
  private func leaf(_ values: [Double]) throws -> Tensor { try Tensor(values, [values.count]).requireGradient() }

  @Test func backwardPassesAddUp() throws {
    let x = try leaf([3])
    #expect(try x.gradient() == nil)
    try x.squared().sum().backward()
    try (x * 5).sum().backward()
    #expect(try x.gradient()?.doubles() == [11])
    try x.clearGradient()
    #expect(try x.gradient() == nil)
    try x.requireGradient(false)
    #expect(!x.requiresGradient)
  }

  @Test func leavesWithoutEffectHaveNoGradient() throws {
    let (x, y) = (try leaf([3]), try leaf([2]))
    let gradients = try Gradients.of(x.squared().sum(), by: [y, x])
    #expect(gradients[0] == nil)
    #expect(try gradients[1]?.doubles() == [6])
    #expect(try x.gradient() == nil, "the gradients of leaves stay as they are")
  }

  @Test func gradientsStopAtDetachedAndUnrecordedTensors() throws {
    let x = try leaf([3, -1])
    #expect(try (x * x.detached()).detached().doubles() == [9, 1])
    #expect(try PlainArray.gradients(of: (x * x.detached()).sum(), by: [x])[0].values == [3, -1])
    let silent = try Gradients.unrecorded { try x.squared() }
    #expect(!silent.requiresGradient)
    #expect(try PlainArray.gradients(of: (x + silent).sum(), by: [x])[0].values == [1, 1])
    #expect(try x.squared().requiresGradient)
    for integer in [try x.argmax(), try x.isLess(than: 0), try x.equals(x)] { #expect(!integer.requiresGradient) }
  }

  @Test func recordingContinuesAfterAnError() throws {
    let x = try leaf([3])
    #expect(throws: TensorError.self) { try Gradients.unrecorded { try x.reshaped([7]) } }
    #expect(try x.squared().requiresGradient)
  }

  /// The values are exactly one-hot, and the gradient is that of the softmax (straight-through estimator).
  @Test func straightThrough() throws {
    let x = try Tensor([0.1, 0.7, -0.3, 1e-7, 3, 0.2] as [Float], [2, 3]).requireGradient()
    let weights = try Tensor([1, -2, 3, 0.5, 2, -1] as [Float], [2, 3])
    let soft = try x.softmax()
    let hard = try soft.straightThrough(soft.argmax().oneHot(3))
    #expect(try hard.floats() == [0, 1, 0, 0, 1, 0])
    let found = try PlainArray.gradients(of: (hard * weights).sum(), by: [x])[0]
    #expect(found.isClose(to: try PlainArray.gradients(of: (x.softmax() * weights).sum(), by: [x])[0], 1e-7))
    #expect(found.values.contains { abs($0) > 0.1 })
  }

  /// The norm of a zero vector has no derivative, but that of normalization is defined.
  @Test func normsOfZerosHaveFiniteGradients() throws {
    let x = try Tensor.zeros([2, 3]).requireGradient()
    let weight = try Tensor.ones([3]).requireGradient()
    let first = try Gradients.of((x.rmsNorm(weight, epsilon: 1e-5) * 2).sum(), by: [x, weight], differentiable: true)
    let gradient = try #require(first[0])
    #expect(try gradient.floats().allSatisfy { abs($0 - 2 / Float(1e-5).squareRoot()) < 0.1 })
    let second = try Gradients.of(gradient.squared().sum(), by: [x, weight])
    for tensor in second { #expect(try tensor?.isFinite() == true) }
  }

  @Test func anotherPassNeedsAnotherGraph() throws {
    let x = try leaf([3])
    let loss = try x.squared().sum()
    _ = try Gradients.of(loss, by: [x])
    #expect(throws: TensorError.self) { try Gradients.of(loss, by: [x]) }
  }

  /// A leaked graph of second-order gradients would take about 80 kB per step.
  @Test func memoryStaysFlatOverGradientsOfGradients() async {
    await #expect(processExitsWith: .success) {
      let x = try Generator(seed: 1).normal([16, 128]).requireGradient()
      let weight = try Generator(seed: 2).normal([128]).requireGradient()
      var early = 0
      for step in 0..<2_000 {
        let loss = try x.rmsNorm(weight, epsilon: 1e-5).gelu().sum()
        let gradient = try #require(try Gradients.of(loss, by: [x], differentiable: true)[0])
        try gradient.squared().sum().backward()
        try weight.accumulate(#require(try weight.gradient()), times: -1e-6)
        for leaf in [x, weight] { try leaf.clearGradient() }
        if step == 500 { early = try Memory.residentBytes() }
      }
      let growth = try Memory.residentBytes() - early
      #expect(growth < 4 << 20, "\(growth) bytes")
    }
  }
}
