/// The likeliest chord of every frame.
struct ChordDecoder {
  private(set) var states: [ChordModel.State] = []
  /// The probability of each given the whole piece.
  private(set) var posteriors: [Float] = []

  /// Decodes by the greatest posterior of each frame, which makes the expected number of right frames greatest.
  ///
  /// - Complexity: O(frames × chords).
  init(_ frames: HarmonicFrames) {
    guard frames.count > 0 else { return }
    let weights = ChordModel.weights(frames)
    // One grid in ten is off by half a beat; the chords themselves show it.
    let passes = (0..<HarmonicFrames.perBeat).map { phase in
      ChordForwardPass(weights, ChordModel.changeWeights(frames, phase: phase))
    }
    let priorOdds: Float = 2.3
    let best = passes.dropFirst().reduce(passes[0]) { $1.logLikelihood - priorOdds > $0.logLikelihood ? $1 : $0 }
    var backward = ChordBackwardPass(weights, best.changeWeights)
    states.reserveCapacity(frames.count)
    posteriors.reserveCapacity(frames.count)
    for frame in (0..<frames.count).reversed() {
      let (state, probability) = Self.likeliest(best.row(frame), backward.current)
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
