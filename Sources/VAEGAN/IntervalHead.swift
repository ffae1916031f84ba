internal import Layers
internal import ModelFormat
internal import MusicFeatures
internal import Tensors

/// A direct path from the keyboard state to the logits: for each key, a weighted sum of the states of the keys around
/// it is added to the logits of its start and its end, with weights computed from the hidden state of the position.
///
/// The weights belong to intervals rather than keys, so that what is learned generalizes over transposition. Facts such
/// as that only a sounding key can end need not be carried through the blocks for 128 keys. The output is initialized
/// to zero.
package struct IntervalHead {
  private let weights: Linear

  init(_ scope: Scope, width: Int) throws(TensorError) {
    weights = try Linear(scope["intervals"], width, Configuration.Intervals.weights, gain: 0)
  }

  /// - Parameters:
  ///   - hidden: the outputs of the decoder, [b, n, d].
  ///   - planes: the `KeyPlanes` before each predicted token, [b, n, planes].
  /// - Returns: the term that is added to the logits, [b, n, 775].
  func callAsFunction(_ hidden: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    typealias Intervals = Configuration.Intervals
    let (batch, length) = (hidden.shape[0], hidden.shape[1])
    let around = try planes.slice(2, 0..<KeyPlanes.perKey * 128)
      .reshaped([batch, length, KeyPlanes.perKey, 128])
      .padded(before: Intervals.reach, after: Intervals.reach)
      .windows(3, size: Intervals.count, step: 1)  // [b, n, planes, 128, intervals]
      .permuted([0, 1, 2, 4, 3])
      .reshaped([batch * length, Intervals.inputs, 128])
    let weights = try weights(hidden).converted(to: .float32).reshaped([batch * length, 2, Intervals.inputs])
    return try weights.matmul(around).reshaped([batch, length, 256])
      .padded(before: 0, after: Configuration.Vocabulary.logitCount - 256)
  }
}
