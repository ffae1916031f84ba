internal import ModelFormat
package import MusicFeatures
internal import MusicTokens
package import Tensors

/// Stretches of music as the input of a critic, padded to whole windows.
package struct CriticInput {
  /// Distributions over the tokens, one-hot for actual tokens: [b, n, 774]; 0 in padding.
  package let tokens: Tensor
  /// The `KeyPlanes` before the first token and after each: [b, n + 1, 390].
  package let planes: Tensor
  /// True for tokens, false for padding, [b, n].
  package let mask: Tensor
  /// The number of tokens of each stretch.
  package let lengths: [Int]

  /// - Parameters:
  ///   - stretches: stretches of tokens 0…773, none empty.
  ///   - multiple: n is rounded up to a multiple of this, the critic's longest window.
  /// - Throws: `TensorError` with the stretch and index of an id that is not a token. EOS is not accepted, since the
  ///   critic would recognize real music by it.
  package init(_ stretches: [TokenWindow], multiple: Int, on device: Device = .cpu) throws(TensorError) {
    for (row, stretch) in stretches.enumerated() {
      guard let index = stretch.tokens.firstIndex(where: { $0 >= Token.count }) else { continue }
      throw TensorError(
        operation: "critic input", operands: ["stretch \(row)"],
        reason: "index \(index) is not a token: \(stretch.tokens[index])")
    }
    let batch = try Batch(stretches, multiple: multiple, on: device)
    let ids = try batch.targets * batch.mask.converted(to: .int64)
    let there = try batch.mask.converted(to: .float32).unsqueezed(2)
    tokens = try ids.oneHot(Int(Token.count)) * there
    (planes, mask, lengths) = (batch.planes, batch.mask, batch.lengths)
  }

  /// Pads relaxed takes to a multiple of the critic's longest window. Gradients reach the tokens through the keyboard
  /// state too.
  package init(_ takes: RelaxedTakes, multiple: Int) throws(TensorError) {
    let (count, length) = (takes.tokens.shape[0], takes.tokens.shape[1])
    let padding = (multiple - length % multiple) % multiple
    func padded(_ x: Tensor) throws(TensorError) -> Tensor {
      guard padding > 0 else { return x }
      return try .concatenate([x, .zeros([count, padding, x.shape[2]], on: x.device)], 1)
    }
    (tokens, planes) = (try padded(takes.tokens), try padded(takes.planes))
    let row = Array(repeating: true, count: length) + Array(repeating: false, count: padding)
    mask = try Tensor(Array(repeatElement(row, count: count).joined()), [count, row.count], on: takes.tokens.device)
    lengths = Array(repeating: length, count: count)
  }
}
