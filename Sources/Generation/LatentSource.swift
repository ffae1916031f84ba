internal import Datasets
public import Inference
public import ModelFormat
internal import MusicCore
public import MusicTokens

/// The source of a take's latents. If a take is longer than the music that its latents come from, the prior continues
/// them.
public enum LatentSource: Sendable {
  case prior
  /// Latents inferred from music, one posterior per latent window.
  case like([Posterior])
  /// Interpolation between the latents of two pieces: the first at 0, the second at 1.
  case between([Posterior], [Posterior], at: Double)
  /// Latents inferred from music, except those of one level, which are drawn from the prior.
  case varied([Posterior], Configuration.Level)
  /// One global latent for all windows.
  case under([Float])

  /// The latents of a window.
  ///
  /// - Parameters:
  ///   - index: the index of the latent window.
  ///   - history: the latents of the windows before it.
  package func latents(
    ofWindow index: Int, after history: [Latents], _ prior: Prior, using generator: inout some RandomNumberGenerator
  ) -> Latents {
    let known = known(index, prior, &generator) ?? Latents(global: [], phrases: [], locals: [])
    return prior.complete(known, after: history, using: &generator)
  }

  /// The latents of a window that are given by the source; nil if none are.
  private func known(_ index: Int, _ prior: Prior, _ generator: inout some RandomNumberGenerator) -> Latents? {
    switch self {
    case .prior: return nil
    case .under(let global): return Latents(global: global, phrases: [], locals: [])
    case .like(let windows):
      return index < windows.count ? windows[index].draw(using: &generator).latents : nil
    case .between(let first, let second, let place):
      guard index < min(first.count, second.count) else { return nil }
      return prior.interpolate(first[index].mean, second[index].mean, at: place)
    case .varied(let windows, let level):
      guard index < windows.count else { return nil }
      var latents = windows[index].draw(using: &generator).latents
      switch level {
      case .global: latents.global = []
      case .phrase: latents.phrases = []
      case .local: latents.locals = []
      }
      return latents
    }
  }
}

extension Model {
  /// The posteriors of a piece, one per latent window.
  public func encodeWindows(of piece: [Token]) -> [Posterior] {
    let length = configuration.latents?.windowLength ?? configuration.window
    return Windows.consecutive(of: piece.map(\.rawValue), length: length).map(encode)
  }
}
