internal import CKernels
internal import ModelFormat

/// The prior of a model's latents, each given those before it.
///
/// The latents of a piece are ordered: for each latent window the global one, then each phrase followed by its local
/// segments. Each is a Gaussian conditioned on its parent and on the latents before it, within the context of the plan;
/// only the first global latent has an unconditional prior.
public struct Prior: Sendable {
  let shape: Configuration.Latents
  private let kernels: Kernels
  let global: GlobalPrior
  private let phrase: ConditionalPrior
  private let local: ConditionalPrior
  private let plan: PlanNetwork
  private let storage: Arena

  init(_ file: ModelFile, _ shape: Configuration.Latents, _ kernels: Kernels) {
    let weights = WeightLoader(file) { $0.hasPrefix("prior.phrase.") || $0.hasPrefix("prior.local.") }
    self.shape = shape
    self.kernels = kernels
    global = GlobalPrior(file, shape)
    phrase = ConditionalPrior(.phrase, from: weights)
    local = ConditionalPrior(.local, from: weights)
    plan = PlanNetwork(file, shape)
    storage = weights.storage
  }

  /// Samples the latents of a whole window.
  ///
  /// - Parameter history: the latents of the whole windows before it.
  public func sample(after history: [Latents] = [], using generator: inout some RandomNumberGenerator) -> Latents {
    complete(Latents(global: [], phrases: [], locals: []), after: history, using: &generator)
  }

  /// Completes the latents of a window: missing ones are drawn, given those before them.
  ///
  /// - Parameters:
  ///   - known: the given latents; an empty global latent is missing, as are phrases and local segments beyond the
  ///     last.
  ///   - history: the latents of the whole windows before it.
  public func complete(
    _ known: Latents, after history: [Latents] = [], using generator: inout some RandomNumberGenerator
  ) -> Latents {
    walk(after: history) { place, prior in
      // Always drawn, so that the state of the generator does not depend on how many latents are known.
      let drawn = prior.sample(using: &generator)
      return known[place] ?? drawn
    }
  }

  /// The natural logarithm of the density of a first global latent.
  public func logDensity(global z: [Float]) -> Double { global.logDensity(z) }

  /// The prior distribution of each latent of a window, given those before it.
  func distributions(of latents: Latents, after history: [Latents] = []) -> [(place: LatentPlace, prior: LatentPrior)] {
    var result: [(LatentPlace, LatentPrior)] = []
    _ = walk(after: history) { place, prior in
      guard let z = latents[place] else { return nil }
      result.append((place, prior))
      return z
    }
    return result
  }

  /// Visits the latents of a window in their order. `choose` receives the position and prior of each and returns its
  /// value, or nil to stop.
  func walk(after history: [Latents], _ choose: (LatentPlace, LatentPrior) -> [Float]?) -> Latents {
    let past = history.suffix(shape.plan.windows - 1)
    let reader = PlanReader(plan, windows: past.count + 1, kernels)
    for latents in past {
      for place in LatentPlace.all(shape) {
        guard let z = latents[place] else { preconditionFailure("the windows before have all latents") }
        _ = reader.output()
        reader.read(z, of: place.level)
      }
    }
    var result = Latents(global: [], phrases: [], locals: [])
    for place in LatentPlace.all(shape) {
      let isFirst = reader.isAtStart
      let planned = reader.output()
      let prior: LatentPrior = isFirst ? .first(global) : .gaussian(gaussian(at: place, in: result, planned))
      guard let z = choose(place, prior) else { break }
      reader.read(z, of: place.level)
      result.append(z, at: place.level)
    }
    return result
  }

  private func gaussian(at place: LatentPlace, in latents: Latents, _ planned: [Float]) -> Gaussian {
    switch place {
    case .global: Gaussian(planned)
    case .phrase(let index): Gaussian(sum(phraseOutput(at: index, given: latents.global), planned))
    case .local(let index):
      Gaussian(sum(localOutput(at: index, given: latents.phrases[index / shape.localsPerPhrase]), planned))
    }
  }

  private func sum(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 + $1 } }

  private func phraseOutput(at index: Int, given global: [Float]) -> [Float] {
    phrase.output(parent: global, position: index, kernels)
  }

  private func localOutput(at index: Int, given phrase: [Float]) -> [Float] {
    local.output(parent: phrase, position: index % shape.localsPerPhrase, kernels)
  }

  // MARK: Of the parent alone

  /// The Gaussian of a phrase given its parent alone, with which posteriors are combined.
  func phraseOfParent(at index: Int, given global: [Float]) -> Gaussian {
    Gaussian(phraseOutput(at: index, given: global))
  }

  /// The Gaussian of a local segment given its parent alone.
  func localOfParent(at index: Int, given phrase: [Float]) -> Gaussian {
    Gaussian(localOutput(at: index, given: phrase))
  }
}

/// The prior of one latent.
enum LatentPrior {
  case first(GlobalPrior)
  case gaussian(Gaussian)

  func sample(using generator: inout some RandomNumberGenerator) -> [Float] {
    switch self {
    case .first(let prior): prior.sample(using: &generator)
    case .gaussian(let gaussian): gaussian.sample(using: &generator)
    }
  }

  /// The natural logarithm of the density at a point.
  func logDensity(_ z: [Float]) -> Double {
    switch self {
    case .first(let prior): prior.logDensity(z)
    case .gaussian(let gaussian): gaussian.logDensity(z)
    }
  }

  /// KL(q ‖ p) in nats: exact for a Gaussian, otherwise estimated from one sample of q.
  func divergence(of q: Gaussian, sample: [Float]) -> Double {
    switch self {
    case .first(.standard(let dimensions)): q.divergence(from: .standard(dimensions))
    case .first(let prior): q.logDensity(sample) - prior.logDensity(sample)
    case .gaussian(let gaussian): q.divergence(from: gaussian)
    }
  }
}
