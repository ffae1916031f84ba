internal import MusicCore

/// The likeliest chord of every frame.
struct ChordDecoder {
  var states: [ChordModel.State] = []
  /// The probability of each given the whole piece.
  private(set) var posteriors: [Float] = []

  private let weights: [ChordModel.Roots]
  private var changeWeights: [Float]
  private let phase: Int

  /// Decodes by the greatest posterior of each frame, which makes the expected number of right frames greatest.
  ///
  /// - Complexity: O(frames × chords).
  init(_ frames: HarmonicFrames) {
    weights = ChordModel.weights(frames)
    guard frames.count > 0 else {
      (changeWeights, phase) = ([], 0)
      return
    }
    // One grid in ten is off by half a beat; the chords themselves show it.
    let passes = (0..<frames.perPulse).map { [weights] phase in
      ChordForwardPass(weights, ChordModel.changeWeights(frames, phase: phase))
    }
    let priorOdds: Float = 2.3
    phase = passes.indices.dropFirst().reduce(0) {
      passes[$1].logLikelihood - ($0 == 0 ? priorOdds : 0) > passes[$0].logLikelihood ? $1 : $0
    }
    let best = passes[phase]
    changeWeights = best.changeWeights
    decode(best, weights)
  }

  /// The same as in music of the common practice, in view of the key of each frame.
  func decoded(_ frames: HarmonicFrames, in keys: LocalKeys) -> ChordDecoder {
    guard !changeWeights.isEmpty else { return self }
    let qualities = ChordModel.qualities
    var result = self
    var weights = ChordModel.weights(frames, .commonPractice)
    let keys = changeWeights.indices.map { keys.key(at: $0).index }
    for frame in changeWeights.indices {
      for quality in 0..<qualities {
        weights[frame * qualities + quality] *= ChordModel.frameContexts[keys[frame] * qualities + quality]
      }
    }
    result.changeWeights = ChordModel.changeWeights(frames, phase: phase, isCommonPractice: true)
    result.decode(ChordForwardPass(weights, result.changeWeights, keys: keys), weights, keys: keys)
    return result
  }

  private mutating func decode(_ forward: ChordForwardPass, _ weights: [ChordModel.Roots], keys: [Int]? = nil) {
    var backward = ChordBackwardPass(weights, changeWeights, keys: keys)
    states = []
    posteriors = []
    states.reserveCapacity(changeWeights.count)
    posteriors.reserveCapacity(changeWeights.count)
    for frame in changeWeights.indices.reversed() {
      let (state, probability) = Self.likeliest(forward.row(frame), backward.current)
      states.append(state)
      posteriors.append(probability)
      backward.step(from: frame)
    }
    states.reverse()
    posteriors.reverse()
  }

  /// The likeliest root and, on it, the likeliest quality. The root comes first, for a chord that may be of several
  /// qualities is no less likely for that.
  private static func likeliest(
    _ forward: ArraySlice<ChordModel.Roots>, _ backward: [ChordModel.Roots]
  ) -> (ChordModel.State, Float) {
    let joint = zip(forward, backward).map { $0 * $1 }
    let roots = joint.reduce(.zero, +)
    let root = (0..<12).reduce(0) { roots[$1] > roots[$0] ? $1 : $0 }
    let quality = joint.indices.reduce(0) { joint[$1][root] > joint[$0][root] ? $1 : $0 }
    let total = roots.sum()
    return (ChordModel.State(qualityIndex: quality, root: root), total > 0 ? min(1, joint[quality][root] / total) : 0)
  }
}
