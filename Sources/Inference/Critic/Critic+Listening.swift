public import ModelFormat
internal import MusicCore
public import MusicFeatures

/// A critic's score of one window of a stream.
public struct HeardWindow: Hashable, Sendable {
  /// The tower that scored it.
  public let scale: Configuration.Level
  /// The window as a range of token indices.
  public let tokens: Range<Int>
  /// The calibrated log odds that the music is real.
  public let logit: Double

  /// The probability that the music is real, 0…1, given equal priors for real music and takes.
  public var realism: Double { CriticCalibration.probability(logit) }
}

/// A critic's scores of a piece.
public struct Critique: Hashable, Sendable {
  /// The probability that the music is real, for each scale and all scales combined, from the mean logit over the
  /// piece; nil if the piece is too short.
  public let realism: PerLevel<Double?>
  /// The probability of all scales combined; nil if the piece is too short.
  public let combined: Double?
  /// The windows of each scale, in order.
  public let windows: [HeardWindow]
}

extension Critic {
  /// Scores a piece in consecutive stretches of the length of the longest window; the remainder counts if it is at
  /// least half a window. O(n).
  ///
  /// - Parameter tokens: token ids, 0…773.
  public func critique(_ tokens: [UInt16]) -> Critique {
    let length = configuration.windows.global
    var windows: [HeardWindow] = []
    var combined: [Double] = []
    for start in stride(from: 0, to: tokens.count, by: length) {
      let logits = logits(TokenWindow(of: tokens, from: start, count: length, context: Self.context))
      for scale in Configuration.Level.allCases {
        let window = configuration.windows[scale]
        for (index, logit) in logits[scale].enumerated() {
          guard let logit else { continue }
          let first = start + index * window
          windows.append(
            HeardWindow(
              scale: scale, tokens: first..<min(tokens.count, first + window),
              logit: metadata.calibration[scale](logit)))
        }
      }
      if let logit = metadata.calibration.combined(logits.map(\.mean)) { combined.append(logit) }
    }
    let scales = PerLevel { scale in windows.filter { $0.scale == scale }.map(\.logit).mean }
    return Critique(
      realism: scales.map { $0.map(CriticCalibration.probability) },
      combined: combined.mean.map(CriticCalibration.probability), windows: windows)
  }

  /// The groups of features that lower a window's score: those whose replacement by their mean over the stretch raises
  /// the log odds by at least `least`, largest first. O(length of the stretch).
  public func reasons(against window: HeardWindow, in tokens: [UInt16], least: Double = 0.5) -> [PositionFeatures.Group]
  {
    let length = configuration.windows.global
    let start = window.tokens.lowerBound / length * length
    let stretch = TokenWindow(of: tokens, from: start, count: length, context: Self.context)
    let index = (window.tokens.lowerBound - start) / configuration.windows[window.scale]
    let gains = PositionFeatures.Group.allCases.compactMap { group -> (PositionFeatures.Group, Double)? in
      guard let logit = logits(stretch, leveling: group)[window.scale][index] else { return nil }
      return (group, metadata.calibration[window.scale](logit) - window.logit)
    }
    return gains.filter { $0.1 >= least }.sorted { $0.1 > $1.1 }.map(\.0)
  }

  /// The calibrated log odds that the last tokens of a stream are real music, all scales combined, from the windows of
  /// the last whole stretch that overlap them. Nil if there are too few tokens to score.
  ///
  /// - Parameter count: the number of tokens at the end to score.
  public func logit(ofLast count: Int, of tokens: [UInt16]) -> Double? {
    guard count > 0, !tokens.isEmpty else { return nil }
    let length = configuration.windows.global
    // The stretch begins a whole number of phrases before the tokens to score.
    let asked = max(0, tokens.count - count)
    let phrase = configuration.windows.phrase
    let start = max(asked % phrase, asked - max(0, (length - count) / phrase) * phrase)
    let stretch = TokenWindow(of: tokens, from: start, count: length, context: Self.context)
    let logits = logits(stretch)
    return metadata.calibration.combined(
      PerLevel { scale in
        let window = configuration.windows[scale]
        return logits[scale].enumerated().map { index, logit in
          start + (index + 1) * window > asked ? logit : nil
        }.mean
      })
  }
}

extension [Double?] {
  /// The mean of the values that are not nil.
  fileprivate var mean: Double? { compactMap(\.self).mean }
}
