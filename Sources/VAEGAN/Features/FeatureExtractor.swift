internal import Layers
internal import ModelFormat
internal import MusicFeatures
internal import Tensors

/// A small convolution over each group of features: [b, n, features] → [b, n, d], a quarter of the outputs from each
/// group.
///
/// Its kernel covers one position on either side but does not cross local windows, so that no tower receives
/// information from outside its windows.
struct FeatureExtractor {
  private let convolutions: [NormalizedConvolution]
  private let segment: Int

  init(_ scope: Scope, _ configuration: CriticConfiguration, norms: SpectralNorms) throws(TensorError) {
    segment = configuration.windows.local
    convolutions = try PositionFeatures.Group.allCases.map { group throws(TensorError) in
      try NormalizedConvolution(
        scope[group], inputs: group.count, outputs: configuration.width / 4, size: 3, norms: norms)
    }
  }

  func callAsFunction(_ features: Tensor) throws(TensorError) -> Tensor {
    let shape = features.shape
    let segments = try features.reshaped([shape[0] * shape[1] / segment, segment, shape[2]])
    let groups = try segments.split(2, into: PositionFeatures.Group.allCases.map(\.count))
    var outputs: [Tensor] = []
    for (group, convolution) in zip(groups, convolutions) {
      outputs.append(try convolution(group.transposed()).transposed())  // [b · s, segment, d / 4]
    }
    return try Tensor.concatenate(outputs, 2).gelu().reshaped([shape[0], shape[1], -1])
  }
}
