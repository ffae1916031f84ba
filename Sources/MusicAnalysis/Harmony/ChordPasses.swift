internal import Glibc

/// The pass over a piece from its start, of the forward-backward algorithm (Rabiner 1989), scaled to a sum of 1 in each
/// frame.
struct ChordForwardPass {
  let changeWeights: [Float]
  /// How likely the frames are beside a single chord that fits best everywhere.
  private(set) var logLikelihood: Float = 0
  private var rows: [ChordModel.Roots] = []

  /// A pass over the weights of chords in frames, and those of a change into each frame beside going on.
  init(_ weights: [ChordModel.Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    let contexts = ChordModel.entryContexts
    let (qualities, family) = (ChordModel.qualities, ChordModel.family)
    let transitions = ChordTransitions()
    self.changeWeights = changeWeights
    rows.reserveCapacity(weights.count)
    var current = Array(repeating: ChordModel.Roots(repeating: 1), count: qualities)
    for frame in changeWeights.indices {
      if frame > 0 {
        let arriving = transitions.arriving(from: current)
        for quality in 0..<qualities {
          let change = arriving[family[quality]] * transitions.entry[quality]
          var gain = change - current[quality] * transitions.selfChange[quality]
          if let keys { gain *= contexts[keys[frame] * qualities + quality] }
          current[quality] = (current[quality] + changeWeights[frame] * gain).clamped(
            lowerBound: .zero, upperBound: .init(repeating: .infinity))
        }
      }
      for quality in 0..<qualities { current[quality] *= weights[frame * qualities + quality] }
      logLikelihood += log(ChordTransitions.normalize(&current))
      rows += current
    }
  }

  /// One row of roots for each quality.
  func row(_ frame: Int) -> ArraySlice<ChordModel.Roots> {
    rows[frame * ChordModel.qualities..<(frame + 1) * ChordModel.qualities]
  }
}

/// The pass from the end.
struct ChordBackwardPass {
  /// How likely the frames after this one are given each chord, to a common factor.
  private(set) var current = Array(repeating: ChordModel.Roots(repeating: 1), count: ChordModel.qualities)
  private let weights: [ChordModel.Roots]
  private let changeWeights: [Float]
  private let transitions = ChordTransitions()

  private let keys: [Int]?

  init(_ weights: [ChordModel.Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    self.keys = keys
    self.weights = weights
    self.changeWeights = changeWeights
  }

  /// Goes from a frame to the one before.
  mutating func step(from frame: Int) {
    let qualities = ChordModel.qualities
    for quality in 0..<qualities { current[quality] *= weights[frame * qualities + quality] }
    _ = ChordTransitions.normalize(&current)
    var entered = current
    if let keys {
      let row = keys[frame] * qualities
      for quality in 0..<qualities { entered[quality] *= ChordModel.entryContexts[row + quality] }
    }
    let leaving = transitions.leaving(to: entered)
    for quality in 0..<qualities {
      let change = leaving[ChordModel.family[quality]] - entered[quality] * transitions.selfChange[quality]
      current[quality] = (current[quality] + changeWeights[frame] * change).clamped(
        lowerBound: .zero, upperBound: .init(repeating: .infinity))
    }
  }
}

/// The weights of changes between chords.
struct ChordTransitions {
  typealias Roots = ChordModel.Roots

  let entry = ChordModel.entry.map { exp($0) }
  /// The weight that motions and entries would give to a change of each quality to itself, which is none.
  let selfChange: [Float]
  private let motion = ChordModel.motion.map(ChordModel.exponential)
  /// The same by the root reached, to all roots left.
  private let backwardMotion: [Roots]
  private let families = ChordModel.families

  init() {
    selfChange = zip(ChordModel.family, entry).map { [motion] family, entry in motion[family * 4 * 12][0] * entry }
    backwardMotion = motion.indices.map { [motion] row in
      var column = Roots.zero
      for root in 0..<12 { column[root] = motion[row / 12 * 12 + root][row % 12] }
      return column
    }
  }

  /// What reaches each root of each family, without the weight of the quality entered.
  func arriving(from current: [Roots]) -> [Roots] {
    var leaving = Array(repeating: Roots.zero, count: families)
    for (quality, row) in current.enumerated() { leaving[ChordModel.family[quality]] += row }
    return (0..<families).map { to in
      var arriving = Roots.zero
      for from in 0..<families {
        for root in 0..<12 { arriving += leaving[from][root] * motion[(from * families + to) * 12 + root] }
      }
      return arriving
    }
  }

  /// The same backward in time.
  func leaving(to current: [Roots]) -> [Roots] {
    var arriving = Array(repeating: Roots.zero, count: families)
    for (quality, row) in current.enumerated() { arriving[ChordModel.family[quality]] += row * entry[quality] }
    return (0..<families).map { from in
      var leaving = Roots.zero
      for to in 0..<families {
        for root in 0..<12 { leaving += arriving[to][root] * backwardMotion[(from * families + to) * 12 + root] }
      }
      return leaving
    }
  }

  /// Scales to a sum of 1, and returns the sum before.
  static func normalize(_ values: inout [Roots]) -> Float {
    let sum = values.reduce(Roots.zero, +).sum()
    guard sum > 0 else { return 1 }
    let scale = 1 / sum
    for index in values.indices { values[index] *= scale }
    return sum
  }
}
