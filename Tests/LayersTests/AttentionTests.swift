import Layers
import Tensors
import Testing

/// Masked positions have no effect, bit for bit.
@Suite struct AttentionTests {
  private static func block(_ precision: Precision) throws -> Block {
    let parameters = try Parameters(on: .cpu, precision: precision, generator: Generator(seed: 1))
    return try Block(parameters.scope, width: 16, heads: 2, inner: 32, depth: 1)
  }

  /// [1, 300, 16]: longer than a block of queries in attention.
  private static let length = 300
  private let rotary: RotaryPositions
  private let input: Tensor

  init() throws {
    rotary = try RotaryPositions(positions: Self.length, headWidth: 8, on: .cpu)
    input = try Generator(seed: 2).normal([1, Self.length, 16])
  }

  /// The input with the vector at one position changed.
  private func changed(at position: Int) throws -> Tensor {
    try input + (Tensor.range(Self.length).equals(Double(position)).converted(to: .float32).reshaped([1, -1, 1]))
  }

  @Test(arguments: Precision.allCases, [0, 1, 255, 256, 299])
  func theFutureIsNotSeen(precision: Precision, position: Int) throws {
    let block = try Self.block(precision)
    let results = try [input, changed(at: position)].map {
      try block($0, rotary: rotary, causal: true).reshaped([-1]).floats()
    }
    let start = position * 16
    #expect(results[0][..<start] == results[1][..<start])
    for other in position..<Self.length {
      let places = other * 16..<(other + 1) * 16
      // With a mantissa of eight bits, a change far away may be lost in rounding.
      #expect(precision == .mixed && other > position || results[0][places] != results[1][places])
    }
  }

  @Test(arguments: Precision.allCases, [false, true])
  func paddingIsNotSeen(precision: Precision, causal: Bool) throws {
    let block = try Self.block(precision)
    let mask = try Tensor((0..<Self.length).map { $0 != 4 && $0 < 290 }, [1, 1, 1, Self.length])
    let results = try [input, changed(at: 4), changed(at: 295)].map {
      try block($0, rotary: rotary, mask: mask, causal: causal).floats()
    }
    for (result, position) in zip(results.dropFirst(), [4, 295]) {
      let same = (0..<Self.length).filter { other in
        let places = other * 16..<(other + 1) * 16
        return results[0][places] == result[places]
      }
      #expect(same == (0..<Self.length).filter { $0 != position })
    }
  }

  /// Products of queries and keys depend only on their distance.
  @Test func rotaryProductsDependOnTheDistance() throws {
    let vectors = try Generator(seed: 3).normal([2, 1, 8]).expanded([2, 8, 8]).reshaped([2, 8, 1, 8])
    let turned = try RotaryPositions(positions: 8, headWidth: 8, on: .cpu)(vectors).reshaped([2, 8, 8])
    let products = try turned.slice(0, 0..<1).matmul(turned.slice(0, 1..<2).transposed()).reshaped([8, 8]).floats()
    for query in 1..<8 {
      for key in 1..<8 { #expect(abs(products[8 * query + key] - products[8 * query + key - 9]) < 1e-5) }
    }
    #expect(abs(products[0] - products[1]) > 1e-3)
  }
}
