internal import Layers
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors

/// A direct path from the chord chart to the logits: for each key, a weighted sum of what its pitch class is in the current
/// and the next chord and in the key is added to the logits of its start and its end, with weights computed from the
/// hidden state of the position.
///
/// The weights do not depend on the pitch class, so that what is learned generalizes over transposition. The output is
/// initialized to zero.
package struct ChordHead {
  private let weights: Linear
  /// Maps a key, one-hot, to the degrees of all pitch classes in it: [keys, keys · 12].
  private let degrees: Tensor

  init(_ scope: Scope, width: Int) throws(TensorError) {
    weights = try Linear(scope["chords"], width, Configuration.Chords.weights, gain: 0)
    var values = [Float](repeating: 0, count: Key.count * Key.count * 12)
    for key in 0..<Key.count {
      for degree in 0..<12 {
        let plane = key / 12 * 12 + degree
        values[(key * Key.count + plane) * 12 + (key + degree) % 12] = 1
      }
    }
    degrees = try Tensor(values, [Key.count, Key.count * 12], on: scope.device, name: "degrees")
  }

  /// - Parameters:
  ///   - hidden: the outputs of the decoder, [b, n, d].
  ///   - planes: the `ChartPlanes` before each predicted token, [b, n, planes].
  /// - Returns: the term that is added to the logits, [b, n, 775].
  func callAsFunction(_ hidden: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    typealias Chords = Configuration.Chords
    let (batch, length) = (hidden.shape[0], hidden.shape[1])
    let chords = try planes.slice(2, 0..<ChartPlanes.perClass * 12)
      .reshaped([batch * length, ChartPlanes.perClass, 12])
    let keys = try planes.slice(2, ChartPlanes.key..<ChartPlanes.key + Key.count)
      .reshaped([batch * length, Key.count]).matmul(degrees).reshaped([batch * length, Key.count, 12])
    let weights = try weights(hidden).converted(to: .float32).reshaped([batch * length, 2, Chords.inputs])
    let classes = try weights.matmul(.concatenate([chords, keys], 1))  // [b · n, 2, 12]
    return try Tensor.concatenate(Array(repeating: classes, count: 11), 2).slice(2, 0..<128)
      .reshaped([batch, length, 256]).padded(before: 0, after: Configuration.Vocabulary.logitCount - 256)
  }
}
