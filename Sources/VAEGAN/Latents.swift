public import ModelFormat
public import Tensors

/// Samples of all levels of a batch of windows: [b, segments, dimensions] each; 0 where a segment does not exist.
public struct Latents {
  public let global: Tensor
  public let phrase: Tensor
  public let local: Tensor

  public init(global: Tensor, phrase: Tensor, local: Tensor) {
    self.global = global
    self.phrase = phrase
    self.local = local
  }

  /// The latents of each local segment with those it lies in before them: [b, local segments, total].
  func concatenated() throws(TensorError) -> Tensor {
    let count = local.shape[1]
    // A window may end within a phrase: the last one then has fewer local segments.
    let perPhrase = (count + phrase.shape[1] - 1) / phrase.shape[1]
    let phrases = try phrase.repeated(perPhrase, 1).slice(1, 0..<count)
    return try Tensor.concatenate([global.expanded([-1, count, -1]), phrases, local], 2)
  }

  /// The same shapes, all zero.
  public func zeroed() throws(TensorError) -> Latents {
    Latents(global: try global * 0, phrase: try phrase * 0, local: try local * 0)
  }

  /// Each window with the latents of the window before it in the batch.
  public func rolled() throws(TensorError) -> Latents {
    func roll(_ x: Tensor) throws(TensorError) -> Tensor {
      let count = x.shape[0]
      return try Tensor.concatenate([x.slice(0, count - 1..<count), x.slice(0, 0..<count - 1)], 0)
    }
    return Latents(global: try roll(global), phrase: try roll(phrase), local: try roll(local))
  }

  subscript(level: Configuration.Level) -> Tensor {
    switch level {
    case .global: global
    case .phrase: phrase
    case .local: local
    }
  }
}
