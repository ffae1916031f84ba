internal import Foundation
public import Tensors

/// Rotary position embedding (Su 2021): queries and keys turn with their position, so that their products depend on
/// the distance alone.
public struct RotaryPositions {
  /// cos tθᵢ and sin tθᵢ: [positions, 1, headWidth / 2].
  private let cosine: Tensor
  private let sine: Tensor

  public init(positions: Int, headWidth: Int, on device: Device) throws(TensorError) {
    let half = headWidth / 2
    var angles: [Double] = []
    for position in 0..<positions {
      for index in 0..<half {
        angles.append(Double(position) * pow(10_000, -Double(2 * index) / Double(headWidth)))
      }
    }
    let shape = [positions, 1, half]
    cosine = try Tensor(angles.map { Float(cos($0)) }, shape, on: device, name: "rotary cosine")
    sine = try Tensor(angles.map { Float(sin($0)) }, shape, on: device, name: "rotary sine")
  }

  /// Turns [b, n, heads, headWidth] by the positions 0 … n − 1.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let shape = x.shape
    let half = shape[3] / 2
    let cosine = try cosine.slice(0, 0..<shape[1])
    let sine = try sine.slice(0, 0..<shape[1])
    let first = try x.slice(3, 0..<half)
    let second = try x.slice(3, half..<2 * half)
    return try Tensor.concatenate([first * cosine - second * sine, second * cosine + first * sine], 3)
  }
}
