internal import CKernels
public import ModelFormat

/// What a model expects of latents before it has heard anything.
public struct Prior: Sendable {
  private let configuration: Configuration
  private let shape: Configuration.Latents
  private let kernels: Kernels
  let global: GlobalPrior
  private let phrase: ConditionalPrior
  private let local: ConditionalPrior
  private let storage: Memory

  init(_ file: ModelFile, _ shape: Configuration.Latents, _ kernels: Kernels) {
    let weights = WeightLoader(file) { $0.hasPrefix("prior.phrase.") || $0.hasPrefix("prior.local.") }
    configuration = file.configuration
    self.shape = shape
    self.kernels = kernels
    global = GlobalPrior(file, shape)
    phrase = ConditionalPrior(.phrase, from: weights)
    local = ConditionalPrior(.local, from: weights)
    storage = weights.storage
  }

  /// Latents of a whole window.
  public func sample(using generator: inout some RandomNumberGenerator) -> Latents {
    let global = global.sample(using: &generator)
    return resample(Latents(global: global, phrases: [], locals: []), from: .phrase, using: &generator)
  }

  /// Latents of a whole window that agree with others on the levels above `level`; those at it and below are new.
  public func resample(
    _ latents: Latents, from level: Configuration.Level, using generator: inout some RandomNumberGenerator
  ) -> Latents {
    var result = latents
    if level == .global { result.global = global.sample(using: &generator) }
    if level != .local {
      result.phrases = (0..<configuration.window / shape.phraseLength).map {
        phrase(at: $0, given: result.global).sample(using: &generator)
      }
    }
    result.locals = (0..<result.phrases.count * segmentsPerPhrase).map {
      local(at: $0, given: result.phrases[$0 / segmentsPerPhrase]).sample(using: &generator)
    }
    return result
  }

  /// The Gaussian of a phrase of the window, given the global latent.
  public func phrase(at index: Int, given global: [Float]) -> Gaussian {
    phrase.gaussian(parent: global, position: index, kernels)
  }

  /// The Gaussian of a local segment of the window, given the latent of its phrase.
  public func local(at index: Int, given phrase: [Float]) -> Gaussian {
    local.gaussian(parent: phrase, position: index % segmentsPerPhrase, kernels)
  }

  /// The natural logarithm of the density of a global latent.
  public func logDensity(global z: [Float]) -> Double { global.logDensity(z) }

  /// KL(q ‖ p(g)) in nats: exact for the standard prior, otherwise estimated from one sample of q.
  func divergence(of q: Gaussian, sample: [Float]) -> Double {
    if case .standard(let dimensions) = global { return q.divergence(from: .standard(dimensions)) }
    return q.logDensity(sample) - logDensity(global: sample)
  }

  /// Local segments of a phrase.
  var segmentsPerPhrase: Int { shape.phraseLength / shape.localLength }
}
