import Tensors
import Testing

/// An operation that libtorch rejects throws an error that names the operation and its operands.
@Suite struct TensorErrorTests {
  struct Case: Sendable, CustomStringConvertible {
    var operation: String
    var operands: [String]
    var body: @Sendable () throws -> Void
    var description: String { operation }
  }

  private static func floats(_ name: String, _ shape: [Int]) throws -> Tensor {
    try Tensor.zeros(shape, name: name)
  }

  private static func ids(_ values: [Int64]) throws -> Tensor { try Tensor(values, [values.count], name: "ids") }

  static let cases = [
    Case(operation: "matmul", operands: ["a [2, 3]", "b [2, 3]"]) {
      _ = try floats("a", [2, 3]).matmul(floats("b", [2, 3]))
    },
    Case(operation: "sum", operands: ["a [2, 3]", "tensor [4]"]) {
      _ = try floats("a", [2, 3]) + Tensor.zeros([4])
    },
    Case(operation: "linear", operands: ["x [5, 3]", "w [7, 4]"]) {
      _ = try floats("x", [5, 3]).linear(floats("w", [7, 4]))
    },
    Case(operation: "linear", operands: ["x [5, 4]", "w [7, 4]", "b [6]"]) {
      _ = try floats("x", [5, 4]).linear(floats("w", [7, 4]), bias: floats("b", [6]))
    },
    Case(operation: "reshape", operands: ["x [2, 3]"]) { _ = try floats("x", [2, 3]).reshaped([4, 2]) },
    Case(operation: "concatenate", operands: ["a [2, 3]", "b [2, 4]"]) {
      _ = try Tensor.concatenate([floats("a", [2, 3]), floats("b", [2, 4])], 0)
    },
    Case(operation: "concatenate", operands: []) { _ = try Tensor.concatenate([], 0) },
    Case(operation: "embedding", operands: ["table [4, 2]", "ids [2]"]) {
      _ = try floats("table", [4, 2]).embedding(ids([3, 4]))
    },
    Case(operation: "embedding", operands: ["table [4, 2]", "ids [1]"]) {
      _ = try floats("table", [4, 2]).embedding(ids([-1]))
    },
    Case(operation: "crossEntropy", operands: ["logits [2, 5]", "ids [2]"]) {
      _ = try floats("logits", [2, 5]).crossEntropy(ids([0, 5]), ignoring: -1)
    },
    Case(operation: "crossEntropy", operands: ["logits [2, 5]", "ids [2]"]) {
      _ = try floats("logits", [2, 5]).crossEntropy(ids([0, -2]), ignoring: -1)
    },
    Case(operation: "oneHot", operands: ["ids [2]"]) { _ = try ids([0, 5]).oneHot(5) },
    Case(operation: "oneHot", operands: ["ids [1]"]) { _ = try ids([-1]).oneHot(5) },
    Case(operation: "rmsNorm", operands: ["x [2, 4]", "w [3]"]) {
      _ = try floats("x", [2, 4]).rmsNorm(floats("w", [3]), epsilon: 1e-5)
    },
    Case(operation: "turn", operands: ["x [2, 3]", "angles [1, 2]"]) {
      _ = try floats("x", [2, 3]).rotated(by: floats("angles", [1, 2]))
    },
    Case(operation: "turn", operands: ["x []", "angles [1, 2]"]) {
      _ = try floats("x", []).rotated(by: floats("angles", [1, 2]))
    },
    Case(operation: "attention", operands: ["q [1, 1, 2, 4]", "k [1, 1, 2, 3]", "v [1, 1, 2, 3]"]) {
      _ = try Tensor.attention(floats("q", [1, 1, 2, 4]), floats("k", [1, 1, 2, 3]), floats("v", [1, 1, 2, 3]))
    },
    Case(operation: "attention", operands: ["q [2]", "k [2]", "v [2]"]) {
      _ = try Tensor.attention(floats("q", [2]), floats("k", [2]), floats("v", [2]), fused: false)
    },
    Case(operation: "convolution", operands: ["x [1, 2, 9]", "w [4, 3, 3]"]) {
      _ = try floats("x", [1, 2, 9]).convolution(floats("w", [4, 3, 3]))
    },
    Case(operation: "convolution", operands: ["x [1, 3, 2]", "w [4, 3, 3]"]) {
      _ = try floats("x", [1, 3, 2]).convolution(floats("w", [4, 3, 3]))
    },
    Case(operation: "singularValues", operands: ["w [2, 2]"]) {
      _ = try Tensor.full(.nan, [2, 2], name: "w").singularValues()
    },
    Case(operation: "rows", operands: ["x [3]", "ids [1]"]) { _ = try floats("x", [3]).rows(ids([3])) },
    Case(operation: "gather", operands: ["x [3]", "ids [1]"]) { _ = try floats("x", [3]).gathered(0, ids([3])) },
    Case(operation: "unsqueeze", operands: ["x [3]"]) { _ = try floats("x", [3]).unsqueezed(5) },
    Case(operation: "gradient requirement", operands: ["ids [1]"]) { try ids([3]).requireGradient() },
    Case(operation: "backward", operands: ["x [3]"]) { try floats("x", [3]).requireGradient().backward() },
    Case(operation: "backward", operands: ["x []"]) { try floats("x", []).backward() },
    Case(operation: "gradient", operands: ["x []"]) { _ = try Gradients.of(floats("x", []), by: [floats("y", [])]) },
    Case(operation: "tensor", operands: ["w [2, 2]"]) { _ = try Tensor([1, 2, 3] as [Float], [2, 2], name: "w") },
    Case(operation: "slice", operands: ["x [3]"]) { _ = try floats("x", [3]).slice(0, 1..<5) },
    Case(operation: "sum", operands: ["x [3]"]) { _ = try floats("x", [3]).sum(1) },
    Case(operation: "item", operands: ["x [3]"]) { _ = try floats("x", [3]).item() },
    Case(operation: "transpose", operands: ["x [3]"]) { _ = try floats("x", [3]).transposed() },
    Case(operation: "assign", operands: ["a [3]", "b [1]"]) { try floats("a", [3]).assign(floats("b", [1])) },
  ]

  @Test(arguments: cases) func namesOperationAndOperands(_ test: Case) throws {
    let error = try #require(throws: TensorError.self) { try test.body() }
    #expect(error.operation == test.operation)
    #expect(error.operands == test.operands)
    #expect(!error.reason.isEmpty)
    #expect(!"\(error)".contains("\n"))
  }

  @Test func readsAsASentence() {
    let error = TensorError(operation: "matmul", operands: ["a [2]", "b [3]"], reason: "sizes differ")
    #expect("\(error)" == "matmul of a [2], b [3]: sizes differ")
    #expect("\(TensorError(operation: "cuda", operands: [], reason: "none"))" == "cuda: none")
  }
}
