internal import ModelFormat
internal import MusicFeatures
internal import MusicTokens
package import Tensors

/// `PositionFeatures` as tensor operations: the same numbers on one-hot tokens, and differentiable on distributions over
/// tokens. Maxima have the gradient of the largest element.
package struct FeatureTwin {
  /// ln(1 + ticks) / ln 513 of each time shift, [512].
  private let shifts: Tensor
  /// k + 1 and 128 − k of each key, over 128: [128].
  private let heights: Tensor
  private let depths: Tensor
  /// (l + 1) / 6 of each level, [6].
  private let levels: Tensor

  package init(on device: Device) throws(TensorError) {
    shifts = try Tensor((1...Token.longestShift).map(PositionFeatures.logTicks), [Token.longestShift], on: device)
    heights = try Tensor((0..<128).map { Float($0 + 1) / 128 }, [128], on: device)
    depths = try Tensor((0..<128).map { Float(128 - $0) / 128 }, [128], on: device)
    levels = try Tensor((0..<6).map { Float($0 + 1) / 6 }, [6], on: device)
  }

  /// The features of each position.
  ///
  /// - Parameters:
  ///   - tokens: distributions over the tokens, [b, n, 774].
  ///   - planes: the `KeyPlanes` before the first token and after each, [b, n + 1, 390].
  /// - Returns: [b, n, `PositionFeatures.count`].
  package func callAsFunction(_ tokens: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    let length = tokens.shape[1]
    let token = try Parts(tokens)
    let before = try Keyboard(planes.slice(1, 0..<length))
    let after = try Keyboard(planes.slice(1, 1..<length + 1))
    return try .concatenate(
      rhythm(token, before, after) + harmony(token, before, after) + melody(token, before, after)
        + dynamics(token, before, after), 2)
  }

  /// The token probabilities by kind of token; sums are [b, n, 1].
  private struct Parts {
    let starts, ends, shifts, levels: Tensor
    let start, end, shift, level: Tensor

    init(_ tokens: Tensor) throws(TensorError) {
      let parts = try tokens.split(2, into: [128, 128, 512, 6])
      (starts, ends, shifts, levels) = (parts[0], parts[1], parts[2], parts[3])
      let sums = try parts.map { part throws(TensorError) in try part.sum(2, keeping: true) }
      (start, end, shift, level) = (sums[0], sums[1], sums[2], sums[3])
    }

    /// The probabilities of note starts by pitch class, [b, n, 12].
    var startClasses: Tensor {
      get throws(TensorError) { try FeatureTwin.byClass(starts).sum(2) }
    }
  }

  /// The key planes by kind: [b, n, 128] each, and the level [b, n, 6].
  private struct Keyboard {
    let sounding, soundingRecency, recency, level: Tensor

    init(_ planes: Tensor) throws(TensorError) {
      let parts = try planes.split(2, into: [128, 128, 128, 6])
      (sounding, soundingRecency, recency, level) = (parts[0], parts[1], parts[2], parts[3])
    }

    var latest: Tensor { get throws(TensorError) { try recency.largest(2, keeping: true) } }
    var soundingClasses: Tensor {
      get throws(TensorError) { try FeatureTwin.byClass(sounding).sum(2).atMost(1) }
    }
    var recentClasses: Tensor { get throws(TensorError) { try FeatureTwin.byClass(recency).largest(2) } }

    func top(_ heights: Tensor) throws(TensorError) -> Tensor { try (sounding * heights).largest(2, keeping: true) }
  }

  /// Keys [b, n, 128] by octave and pitch class: [b, n, 11, 12].
  static func byClass(_ keys: Tensor) throws(TensorError) -> Tensor {
    let shape = keys.shape
    return try keys.padded(before: 0, after: 4).reshaped([shape[0], shape[1], 11, 12])
  }

  private func rhythm(_ token: Parts, _ before: Keyboard, _ after: Keyboard) throws(TensorError) -> [Tensor] {
    let latest = try before.latest
    let held = try after.sounding - after.soundingRecency
    let ended = try before.sounding - before.soundingRecency
    return [
      token.start, token.end, token.shift, token.level,
      try (token.shifts * shifts).sum(2, keeping: true),
      latest,
      try token.start * latest,
      try (token.ends * ended).sum(2, keeping: true),
      try (token.ends * (1 - before.sounding)).sum(2, keeping: true),
      try held.largest(2, keeping: true).atLeast(0),
      try held.sum(2, keeping: true) / after.sounding.sum(2, keeping: true).atLeast(1),
      try after.latest,
    ]
  }

  private func harmony(_ token: Parts, _ before: Keyboard, _ after: Keyboard) throws(TensorError) -> [Tensor] {
    let classes = try after.soundingClasses
    let rotated = try Self.rotations(of: classes)  // [b, n, 12, 12]
    let counts = try (rotated * classes.unsqueezed(2)).sum(3)  // by interval, [b, n, 12]
    // A tritone is counted from both of its notes.
    let intervals = try Tensor.concatenate([counts.slice(2, 1..<6), counts.slice(2, 6..<7) / 2], 2)
    let dissonances = try Tensor(PositionFeatures.dissonances, [6], on: intervals.device)
    let starts = try token.startClasses.unsqueezed(2)  // [b, n, 1, 12]
    return [
      classes, try after.recentClasses, try intervals / 12,
      try (intervals * dissonances).sum(2, keeping: true) / intervals.sum(2, keeping: true).atLeast(1),
      try after.sounding.sum(2, keeping: true) / 16,
      try (Self.rotations(of: before.soundingClasses) * starts).sum(3),
      try (Self.rotations(of: before.recentClasses) * starts).sum(3),
    ]
  }

  /// Classes [b, n, 12] from each class upwards: element (i, c) is class c + i, [b, n, 12, 12].
  private static func rotations(of classes: Tensor) throws(TensorError) -> Tensor {
    try Tensor.concatenate([classes, classes], 2).windows(2, size: 12, step: 1).slice(2, 0..<12)
  }

  private func melody(_ token: Parts, _ before: Keyboard, _ after: Keyboard) throws(TensorError) -> [Tensor] {
    let (top, bottom) = (try after.top(heights), try after.top(depths))
    let (lastTop, lastBottom) = (try before.top(heights), try before.top(depths))
    let struck = try (token.starts * heights).sum(2, keeping: true)
    let scale = 128.0 / 24
    let reach = PositionFeatures.contour.upperBound
    let around = try before.recency.padded(before: reach, after: reach)
    let contour = try PositionFeatures.contour.map { semitones throws(TensorError) in
      try (token.starts * around.slice(2, reach + semitones..<reach + semitones + 128)).sum(2, keeping: true)
    }
    return [
      top, bottom, struck,
      try ((struck - token.start * lastTop) * scale).tanh(),
      try ((top - lastTop) * scale).tanh(),
      try ((bottom - lastBottom) * scale).tanh(),
    ] + contour
  }

  private func dynamics(_ token: Parts, _ before: Keyboard, _ after: Keyboard) throws(TensorError) -> [Tensor] {
    let level = try (before.level * levels).sum(2, keeping: true)
    let change = try (token.levels * levels).sum(2, keeping: true) - token.level * level
    return [try (after.level * levels).sum(2, keeping: true), level, change, try change.magnitude()]
  }
}
