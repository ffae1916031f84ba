package import Layers
package import ModelFormat
internal import MusicFeatures
internal import MusicTokens
package import Tensors

/// The critic of `docs/critic.md`: a discriminator at three scales, windows of 32, 128 and 256 tokens (multi-scale
/// discriminators: Wang 2018; Kong 2020).
///
/// A window's logit depends only on its tokens and on the keyboard state at its beginning, not on tokens outside,
/// padding or the rest of the batch. A forward pass changes no state.
package final class Discriminator {
  package let configuration: CriticConfiguration
  package let parameters: Parameters
  private let norms = SpectralNorms()
  private let embedding: SpectralNorm
  private let planes: NormalizedLinear
  private let twin: FeatureTwin
  private let extractor: FeatureExtractor
  private let towers: PerLevel<Tower>

  /// - Parameter generator: draws the initial parameters.
  package init(
    _ configuration: CriticConfiguration, on device: Device = .cpu, generator: Generator
  ) throws(TensorError) {
    self.configuration = configuration
    parameters = Parameters(on: device, generator: generator)
    let scope = parameters.scope
    let norms = norms
    embedding = try norms.add(scope["embedding"], "weight", [Int(Token.count), configuration.width])
    planes = try NormalizedLinear(scope["planes"], KeyPlanes.count, configuration.width, norms: norms)
    twin = try FeatureTwin(on: device)
    extractor = try FeatureExtractor(scope["features"], configuration, norms: norms)
    towers = try PerLevel { scale throws(TensorError) in
      try Tower(scope[scale], configuration, window: configuration.windows[scale], norms: norms)
    }
  }

  /// The spectral norms of all matrices, convolutions and embeddings.
  package var spectralNorms: [SpectralNorm] { norms.all }

  /// Power iteration for the singular vectors of all weights; called once per training step, before its forward passes.
  package func updateNorms(iterations: Int = 2) throws(TensorError) {
    for norm in norms.all { try norm.update(iterations: iterations) }
  }

  /// The input of the towers.
  package struct Embedded {
    /// The embedded input, with respect to which gradient penalties are computed, [b, n, d].
    package let input: Tensor
    /// The features that gate the blocks, [b, n, d].
    package let features: Tensor
    /// True for tokens, false for padding, [b, n].
    package let mask: Tensor

    package init(input: Tensor, features: Tensor, mask: Tensor) {
      (self.input, self.features, self.mask) = (input, features, mask)
    }
  }

  package func embed(_ music: CriticInput) throws(TensorError) -> Embedded {
    let length = music.tokens.shape[1]
    let there = try music.mask.converted(to: .float32).unsqueezed(2)
    let features = try extractor(twin(music.tokens, planes: music.planes) * there)
    let tokens = try music.tokens.matmul(embedding()) * Double(configuration.width).squareRoot()
    let input = try tokens + planes(music.planes.slice(1, 1..<length + 1)) + features
    return Embedded(input: try input * there, features: features, mask: music.mask)
  }

  package func callAsFunction(_ music: CriticInput) throws(TensorError) -> CriticOutput { try self(embed(music)) }

  package func callAsFunction(_ embedded: Embedded) throws(TensorError) -> CriticOutput {
    CriticOutput(
      scales: try towers.map { tower throws(TensorError) in
        try tower(embedded.input, features: embedded.features, mask: embedded.mask)
      },
      input: embedded.input, there: try embedded.mask.converted(to: .float32).unsqueezed(2))
  }

  /// The tensors of the critic's file: weights divided by their σ and multiplied by their gain, all others unchanged.
  package func folded() throws(TensorError) -> [String: [Float]] {
    var folded: [String: [Float]] = [:]
    let internals = [".gain", ".left", ".right"]
    for tensor in parameters.parameters {
      guard let name = tensor.name, !internals.contains(where: name.hasSuffix) else { continue }
      folded[name] = try tensor.floats()
    }
    for norm in norms.all {
      folded[norm.name] = try Gradients.unrecorded { () throws(TensorError) in try norm().floats() }
    }
    return folded
  }
}
