public import ModelFormat
public import MusicFeatures

/// What a critic says of one window of a stream.
public struct HeardWindow: Hashable, Sendable {
  public let scale: Configuration.Level
  /// The tokens of the window.
  public let tokens: Range<Int>
  /// The calibrated log odds that the music is real.
  public let logit: Double

  /// The probability that the music is real, 0…1: where as many stretches of real music as of takes were heard.
  public var realism: Double { CriticCalibration.probability(logit) }
}

/// What a critic says of a piece of music.
public struct Critique: Hashable, Sendable {
  /// The probability that the music is real, at each scale and at all together, from the mean logit over the piece; nil
  /// where there is too little of it.
  public let realism: PerLevel<Double?>
  public let combined: Double?
  /// Window after window of each scale.
  public let windows: [HeardWindow]
}

extension Critic {
  /// Listens to a piece, stretch after stretch as long as the longest window; to what is left of it at the end where that
  /// is half a window at least. O(n).
  ///
  /// - Parameter tokens: ids, 0…773.
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

  /// Which groups of features speak against a window: those without whose changes from position to position its log odds
  /// would be higher by `least`, the weightiest first. O(length of the stretch).
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

  /// The calibrated log odds that the last tokens of a stream are real music, at all scales together: of the windows of
  /// the last whole stretch that lie in them, even in part. Nil where they are too few to judge.
  ///
  /// - Parameter count: how many tokens at the end are asked about.
  public func logit(ofLast count: Int, of tokens: [UInt16]) -> Double? {
    guard count > 0, !tokens.isEmpty else { return nil }
    let length = configuration.windows.global
    // The stretch begins a whole number of phrases before what is asked about.
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
  /// The mean of those that are there.
  fileprivate var mean: Double? { compactMap(\.self).mean }
}

extension [Double] {
  fileprivate var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
