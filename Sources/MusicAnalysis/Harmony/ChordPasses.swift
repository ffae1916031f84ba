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
    let (entry, selfChange) = (transitions.entry, transitions.selfChange)
    self.changeWeights = changeWeights
    rows.reserveCapacity(weights.count)
    var current = Array(repeating: ChordModel.Roots(repeating: 1), count: qualities)
    for frame in changeWeights.indices {
      if frame > 0 {
        let arriving = transitions.arriving(from: current)
        for quality in 0..<qualities {
          let change = arriving[family[quality]] * entry[quality]
          var gain = change - current[quality] * selfChange[quality]
          if let keys { gain *= contexts[keys[frame] * qualities + quality] }
          current[quality] = (current[quality] + changeWeights[frame] * gain).notNegative
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
    let (qualities, family) = (ChordModel.qualities, ChordModel.family)
    let selfChange = transitions.selfChange
    for quality in 0..<qualities { current[quality] *= weights[frame * qualities + quality] }
    _ = ChordTransitions.normalize(&current)
    var entered = current
    if let keys {
      let (contexts, row) = (ChordModel.entryContexts, keys[frame] * qualities)
      for quality in 0..<qualities { entered[quality] *= contexts[row + quality] }
    }
    let leaving = transitions.leaving(to: entered)
    for quality in 0..<qualities {
      let change = leaving[family[quality]] - entered[quality] * selfChange[quality]
      current[quality] = (current[quality] + changeWeights[frame] * change).notNegative
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
  private let family = ChordModel.family

  init() {
    selfChange = zip(ChordModel.family, entry).map { [motion] family, entry in motion[family * 4 * 12][0] * entry }
    backwardMotion = motion.indices.map { [motion] row in
      var column = Roots.zero
      for root in 0..<12 { column[root] = motion[row / 12 * 12 + root][row % 12] }
      return column
    }
  }

  /// Roots of each family.
  typealias Families = InlineArray<3, Roots>

  /// What reaches each root of each family, without the weight of the quality entered.
  func arriving(from current: [Roots]) -> Families {
    var leaving = Families(repeating: .zero)
    for (row, family) in zip(current, family) { leaving[family] += row }
    var arriving = Families(repeating: .zero)
    for from in 0..<families {
      for to in 0..<families { arriving[to] += Self.moved(leaving[from], motion, (from * families + to) * 12) }
    }
    return arriving
  }

  /// The same backward in time.
  func leaving(to current: [Roots]) -> Families {
    var arriving = Families(repeating: .zero)
    for (quality, row) in current.enumerated() { arriving[family[quality]] += row * entry[quality] }
    var leaving = Families(repeating: .zero)
    for from in 0..<families {
      for to in 0..<families { leaving[from] += Self.moved(arriving[to], backwardMotion, (from * families + to) * 12) }
    }
    return leaving
  }

  /// The sum of twelve rows of motions from one on, each times the weight of its root.
  private static func moved(_ roots: Roots, _ motion: [Roots], _ first: Int) -> Roots {
    var sum = Roots.zero
    motion.withUnsafeBufferPointer { motion in
      for root in 0..<12 { sum += roots[root] * motion[first + root] }
    }
    return sum
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

extension SIMD16<Float> {
  /// 0 in lanes that are less.
  fileprivate var notNegative: Self { replacing(with: 0, where: self .< 0) }
}
