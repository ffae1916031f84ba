internal import MusicCore

/// The most probable chord of every frame.
struct ChordDecoder {
  var states: [ChordModel.State] = []
  /// The posterior probability of each chord, given the whole piece.
  private(set) var posteriors: [Float] = []

  private let weights: [Roots]
  private var changeWeights: [Float]
  private let phase: Int

  /// Takes the chord with the maximum posterior in each frame, which maximizes the expected number of correct frames.
  ///
  /// - Complexity: O(frames × chords).
  init(_ frames: HarmonicFrames) {
    weights = ChordModel.weights(frames)
    guard frames.count > 0 else {
      (changeWeights, phase) = ([], 0)
      return
    }
    // About one beat grid in ten is shifted by half a beat; the phase with the maximum likelihood is chosen.
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

  /// The chords of common-practice music, given the key of each frame.
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

  private mutating func decode(_ forward: ChordForwardPass, _ weights: [Roots], keys: [Int]? = nil) {
    var backward = ChordBackwardPass(weights, changeWeights, keys: keys)
    states = []
    posteriors = []
    states.reserveCapacity(changeWeights.count)
    posteriors.reserveCapacity(changeWeights.count)
    forward.forEachReversed { frame, row in
      let (state, probability) = Self.likeliest(row, backward.current)
      states.append(state)
      posteriors.append(probability)
      backward.step(from: frame)
    }
    states.reverse()
    posteriors.reverse()
  }

  /// The most probable root, and then the most probable quality on it. The root is chosen first, since uncertainty about the
  /// quality must not make a root less probable.
  private static func likeliest(
    _ forward: ArraySlice<Roots>, _ backward: [Roots]
  ) -> (ChordModel.State, Float) {
    let joint = zip(forward, backward).map { $0 * $1 }
    let roots = joint.reduce(.zero, +)
    let root = (0..<12).reduce(0) { roots[$1] > roots[$0] ? $1 : $0 }
    let quality = joint.indices.reduce(0) { joint[$1][root] > joint[$0][root] ? $1 : $0 }
    let total = roots.sum
    return (ChordModel.State(qualityIndex: quality, root: root), total > 0 ? min(1, joint[quality][root] / total) : 0)
  }
}
