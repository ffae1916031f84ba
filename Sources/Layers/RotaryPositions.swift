internal import Foundation
package import Tensors

/// Rotary position embedding (Su 2021): queries and keys are rotated by their position, so that their products depend
/// only on the distance.
///
/// Element i of the first half of a head and of the second form a pair, which is rotated by tθᵢ. Pairs are stored as
/// neighbors, so that a rotation is one complex product: `rows` gives the corresponding order of a projection's rows.
/// The same order for queries and keys leaves their products unchanged.
package struct RotaryPositions {
  /// cos tθᵢ and sin tθᵢ: [positions, 1, headWidth / 2, 2].
  private let angles: Tensor

  package init(positions: Int, headWidth: Int, on device: Device) throws(TensorError) {
    let half = headWidth / 2
    var values: [Float] = []
    for position in 0..<positions {
      for index in 0..<half {
        let angle = Double(position) * pow(10_000, -Double(2 * index) / Double(headWidth))
        values += [Float(cos(angle)), Float(sin(angle))]
      }
    }
    angles = try Tensor(values, [positions, 1, half, 2], on: device, name: "rotary angles")
  }

  /// The row order of a projection to `heads` heads, with the halves of each head interleaved.
  package static func rows(heads: Int, headWidth: Int) -> [Int64] {
    (0..<heads * headWidth).map { row in
      let (head, place) = row.quotientAndRemainder(dividingBy: headWidth)
      return Int64(head * headWidth + place / 2 + place % 2 * headWidth / 2)
    }
  }

  /// Rotates [b, n, heads, headWidth], in the order of `rows`, by the positions `first` … `first` + n − 1.
  package func callAsFunction(_ x: Tensor, from first: Int = 0) throws(TensorError) -> Tensor {
    try x.rotated(by: angles.slice(0, first..<first + x.shape[1]))
  }
}
