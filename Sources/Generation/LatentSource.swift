internal import Datasets
public import Inference
public import ModelFormat
internal import MusicCore
public import MusicTokens

/// Where a take has its latents from. A take that is longer than the music they are from goes on with the last global
/// latent, and draws all others anew.
public enum LatentSource: Sendable {
  case prior
  /// Those of music, window by window.
  case like([Posterior])
  /// Those between two pieces of music: the first at 0, the second at 1.
  case between([Posterior], [Posterior], at: Double)
  /// Those of music, but for one level.
  case varied([Posterior], Configuration.Level)

  /// The latents of a window.
  package func latents(
    ofWindow index: Int, after previous: Latents?, _ prior: Prior, using generator: inout some RandomNumberGenerator
  ) -> Latents {
    guard let given = given(index, prior, &generator) else {
      guard let previous else { return prior.sample(using: &generator) }
      return prior.resample(previous, from: .phrase, using: &generator)
    }
    return prior.complete(given, using: &generator)
  }

  private func given(_ index: Int, _ prior: Prior, _ generator: inout some RandomNumberGenerator) -> Latents? {
    switch self {
    case .prior: return nil
    case .like(let windows):
      return index < windows.count ? windows[index].draw(using: &generator).latents : nil
    case .between(let first, let second, let place):
      guard index < min(first.count, second.count) else { return nil }
      return prior.interpolate(first[index].mean, second[index].mean, at: place)
    case .varied(let windows, let level):
      guard index < windows.count else { return nil }
      let known = windows[index].draw(using: &generator).latents
      return prior.vary(known, level, using: &generator)
    }
  }
}

extension Model {
  /// What the encoder hears in a piece, in windows one after another as in training.
  public func encodeWindows(of piece: [Token]) -> [Posterior] {
    Windows.consecutive(of: piece.map(\.rawValue), length: configuration.window).map { encode($0.map(Int.init)) }
  }
}
