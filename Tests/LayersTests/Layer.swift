import Layers
import TensorTestSupport
import Tensors
import TestSupport
import Testing

/// A layer together with its definition in plain arithmetic.
struct Layer: Sendable, CustomTestStringConvertible {
  /// Parameters by name.
  struct Parts {
    let arrays: [String: PlainArray]
    subscript(name: String) -> PlainArray {
      guard let array = arrays[name] else { preconditionFailure("there is no \(name)") }
      return array
    }
  }

  var testDescription: String
  /// The shape of its input, whose first dimension is the batch.
  var shape: [Int]
  /// Whether it contains matrix products, which mixed precision rounds.
  var hasProducts: Bool
  var make: @Sendable (Scope) throws -> (Tensor) throws -> Tensor
  /// The output computed from the input and the parameters by name.
  var expected: @Sendable (PlainArray, Parts) -> PlainArray

  init(
    _ name: String, _ shape: [Int], hasProducts: Bool = true,
    _ make: @escaping @Sendable (Scope) throws -> (Tensor) throws -> Tensor,
    equals expected: @escaping @Sendable (PlainArray, Parts) -> PlainArray
  ) {
    testDescription = name
    self.shape = shape
    self.hasProducts = hasProducts
    self.make = make
    self.expected = expected
  }

  /// The layer with random parameters, none of which has its initial value, and an input.
  struct Instance {
    var apply: (Tensor) throws -> Tensor
    var parameters: [Tensor]
    var input: PlainArray

    /// The names of the parameters and buffers.
    var names: [String]
    /// The input, then the parameters.
    var plain: [PlainArray] { get throws { [input] + (try parameters.map { try PlainArray($0) }) } }
  }

  func instance(_ precision: Precision = .single) throws -> Instance {
    let parameters = try Parameters(on: .cpu, precision: precision, generator: Generator(seed: 1))
    let apply = try make(parameters.scope)
    var generator = SeededGenerator(seed: 2)
    for parameter in parameters.parameters {
      try parameter.assign(Tensor(.random(parameter.shape, using: &generator)))
    }
    return Instance(
      apply: apply, parameters: parameters.parameters, input: .random(shape, in: -2...2, using: &generator),
      names: parameters.all.map { $0.name ?? "" })
  }

  func expected(_ plain: [PlainArray], names: [String]) -> PlainArray {
    expected(plain[0], Parts(arrays: Dictionary(uniqueKeysWithValues: zip(names, plain.dropFirst()))))
  }
}
