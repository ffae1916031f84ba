import Tensors
import Testing

@Suite struct ValueTests {
  @Test func keepsWhatItIsGiven() throws {
    let shape = [2, 1, 2]
    #expect(try Tensor([1.5, -2, 0, .infinity] as [Float], shape).floats() == [1.5, -2, 0, .infinity])
    #expect(try Tensor([1e300, 0.1, 0, -1] as [Double], shape).doubles() == [1e300, 0.1, 0, -1])
    #expect(try Tensor([.max, .min, 0, 1] as [Int64], shape).integers() == [.max, .min, 0, 1])
    #expect(try Tensor([true, false, false, true], shape).booleans() == [true, false, false, true])
    #expect(try Tensor([1, 2, 3, 4] as [Float], shape).shape == shape)
    #expect(try Tensor([] as [Float], [0, 3]).floats() == [])
    #expect(try Tensor([5] as [Double], []).item() == 5)
  }

  /// A tensor has its own copy of the values, so that the array may change or be freed.
  @Test func copiesItsValues() throws {
    var values: [Float] = [1, 2]
    let tensor = try Tensor(values, [2])
    values[0] = 9
    #expect(try tensor.floats() == [1, 2])
    #expect(values[0] == 9)
  }

  @Test func fills() throws {
    #expect(try Tensor.full(2.5, [2, 2]).floats() == [2.5, 2.5, 2.5, 2.5])
    #expect(try Tensor.zeros([3], type: .int64).integers() == [0, 0, 0])
    #expect(try Tensor.ones([2], type: .bool).booleans() == [true, true])
    #expect(try Tensor.range(3).integers() == [0, 1, 2])
    #expect(try Tensor.range(3, type: .float32).type == .float32)
    #expect(try Tensor.ones([1], name: "w").name == "w")
  }

  @Test(arguments: [ScalarType.float32, .float64, .bfloat16, .int64, .bool]) func converts(type: ScalarType) throws {
    let converted = try Tensor([0, 1, 0] as [Float], [3], name: "x").converted(to: type)
    #expect(converted.type == type)
    #expect(converted.name == "x")
    #expect(try converted.floats() == [0, 1, 0])
    #expect(converted.device == .cpu)
  }

  /// bfloat16 has 8 bits of mantissa: 1 + 2⁻⁷ is exact, 1 + 2⁻⁹ is not.
  @Test func roundsToBFloat16() throws {
    let x = try Tensor([1 + 1 / 128, 1 + 1 / 512] as [Float], [2]).converted(to: .bfloat16)
    #expect(try x.floats() == [1 + 1 / 128, 1])
  }

  @Test(arguments: [([1, 2], true), ([1, .infinity], false), ([.nan, 1], false)] as [([Float], Bool)])
  func knowsWhetherItIsFinite(values: [Float], expected: Bool) throws {
    #expect(try Tensor(values, [2]).isFinite() == expected)
    #expect(try Tensor.zeros([0]).isFinite())
  }

  @Test func aNamedTensorSharesElements() throws {
    let a = try Tensor.zeros([2])
    let b = try a.named("b")
    try a.accumulate(Tensor.ones([2]))
    #expect(try b.floats() == [1, 1])
    #expect(b.name == "b" && a.name == nil)
    try a.copied().scale(by: 5)
    #expect(try a.floats() == [1, 1])
  }

  @Test func changesInPlace() throws {
    let x = try Tensor([1, 2] as [Double], [2])
    try x.scale(by: 3)
    #expect(try x.doubles() == [3, 6])
    try x.accumulate(Tensor([1, 1] as [Double], [2]), times: -2)
    #expect(try x.doubles() == [1, 4])
    try x.accumulateProduct(Tensor([2, 3] as [Double], [2]), Tensor([5, 7] as [Double], [2]), times: 0.5)
    #expect(try x.doubles() == [6, 14.5])
    let root = try Tensor([4, 9] as [Double], [2])
    try x.accumulateQuotient(Tensor([3, 8] as [Double], [2]), bySquareRootOf: root, epsilon: 1, times: 2)
    #expect(try x.doubles() == [8, 18.5])
    #expect(try root.doubles() == [4, 9])
    try x.assign(Tensor([7, 7] as [Double], [2]))
    #expect(try x.doubles() == [7, 7])
  }

  /// A parameter that requires gradients can be changed in place without being recorded by autograd.
  @Test func changesInPlaceAreNotRecorded() throws {
    let x = try Tensor([3] as [Double], [1]).requireGradient()
    try x.scale(by: 2)
    try x.accumulate(x, times: 1)
    #expect(try x.doubles() == [12])
    try x.squared().sum().backward()
    #expect(try x.gradient()?.doubles() == [24])
  }
}
