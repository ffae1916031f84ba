internal import Datasets
public import Inference
public import ModelFormat
internal import MusicCore
public import MusicTokens

/// Where a take has its latents from. A take that is longer than the music they are from goes on as the prior plans.
public enum LatentSource: Sendable {
  case prior
  /// Those of music, latent window by latent window.
  case like([Posterior])
  /// Those between two pieces of music: the first at 0, the second at 1.
  case between([Posterior], [Posterior], at: Double)
  /// Those of music, but for one level.
  case varied([Posterior], Configuration.Level)
  /// One global latent for all windows.
  case under([Float])

  /// The latents of a window.
  ///
  /// - Parameters:
  ///   - index: how many latent windows are before it.
  ///   - history: the latents of the last ones.
  package func latents(
    ofWindow index: Int, after history: [Latents], _ prior: Prior, using generator: inout some RandomNumberGenerator
  ) -> Latents {
    let known = known(index, prior, &generator) ?? Latents(global: [], phrases: [], locals: [])
    return prior.complete(known, after: history, using: &generator)
  }

  /// What is known of a window; nil where nothing is.
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
  /// What the encoder hears in a piece, in latent windows one after another.
  public func encodeWindows(of piece: [Token]) -> [Posterior] {
    let length = configuration.latents?.windowLength ?? configuration.window
    return Windows.consecutive(of: piece.map(\.rawValue), length: length).map(encode)
  }
}
