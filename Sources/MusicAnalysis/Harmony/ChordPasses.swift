internal import Glibc
internal import MusicCore

/// The pass over a piece from its start, of the forward-backward algorithm (Rabiner 1989), scaled to a sum of 1 in each
/// frame.
struct ChordForwardPass {
  let changeWeights: [Float]
  /// The log likelihood of the frames relative to choosing the best chord of each frame independently.
  private(set) var logLikelihood: Float = 0
  private var rows: [ChordModel.Roots] = []

  /// Runs the pass over the weights of chords in frames and of a change into each frame; `keys` are the keys of
  /// the frames, whose progressions then weight the changes.
  init(_ weights: [ChordModel.Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    let contexts = ChordModel.entryContexts
    let (qualities, family) = (ChordModel.qualities, ChordModel.family)
    let transitions = keys == nil ? ChordTransitions.ofSongs : ChordTransitions.ofKeys
    let entry = transitions.entry
    self.changeWeights = changeWeights
    rows.reserveCapacity(weights.count)
    var current = Array(repeating: ChordModel.Roots(repeating: 1), count: qualities)
    for frame in changeWeights.indices {
      if frame > 0 {
        let key = keys?[frame] ?? 0
        let arriving = transitions.arriving(from: current, key: key)
        for quality in 0..<qualities {
          let change = arriving[family[quality]] * entry[quality]
          var gain = change - current[quality] * transitions.selfChange[key * qualities + quality]
          if keys != nil { gain *= contexts[key * qualities + quality] }
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
  /// The likelihood of the frames after this one given each chord, up to a common factor.
  private(set) var current = Array(repeating: ChordModel.Roots(repeating: 1), count: ChordModel.qualities)
  private let weights: [ChordModel.Roots]
  private let changeWeights: [Float]
  private let transitions: ChordTransitions
  private let keys: [Int]?

  init(_ weights: [ChordModel.Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    self.keys = keys
    transitions = keys == nil ? .ofSongs : .ofKeys
    self.weights = weights
    self.changeWeights = changeWeights
  }

  /// Goes from a frame to the one before.
  mutating func step(from frame: Int) {
    let (qualities, family) = (ChordModel.qualities, ChordModel.family)
    let key = keys?[frame] ?? 0
    for quality in 0..<qualities { current[quality] *= weights[frame * qualities + quality] }
    _ = ChordTransitions.normalize(&current)
    var entered = current
    if keys != nil {
      let (contexts, row) = (ChordModel.entryContexts, key * qualities)
      for quality in 0..<qualities { entered[quality] *= contexts[row + quality] }
    }
    let leaving = transitions.leaving(to: entered, key: key)
    for quality in 0..<qualities {
      let change = leaving[family[quality]] - entered[quality] * transitions.selfChange[key * qualities + quality]
      current[quality] = (current[quality] + changeWeights[frame] * change).notNegative
    }
  }
}

/// The weights of changes between chords, the same in all keys or a set for each.
struct ChordTransitions {
  typealias Roots = ChordModel.Roots

  /// By common root motions, independent of the key.
  static let ofSongs = ChordTransitions(ChordModel.motion)
  /// By the chord progressions of each key.
  static let ofKeys = ChordTransitions((0..<Key.count).flatMap { ChordModel.progressions(in: Key(index: $0)) })

  let entry = ChordModel.entry.map { exp($0) }
  /// The weight of a "change" of each chord to itself, which is subtracted because it is not a change: row
  /// `key × qualities + quality`.
  let selfChange: [Roots]
  /// `rowsPerKey` rows for each key.
  private let motion: [Roots]
  /// The same by the root reached, to all roots left.
  private let backwardMotion: [Roots]
  private let families = ChordModel.families
  private let family = ChordModel.family

  private static let rowsPerKey = ChordModel.families * ChordModel.families * 12

  private init(_ logs: [Roots]) {
    let motion = logs.map(ChordModel.exponential)
    let (entry, families) = (entry, families)
    selfChange = stride(from: 0, to: motion.count, by: Self.rowsPerKey).flatMap { first in
      zip(ChordModel.family, entry).map { family, entry in
        var row = Roots.zero
        for root in 0..<12 { row[root] = motion[first + (family * families + family) * 12 + root][root] * entry }
        return row
      }
    }
    backwardMotion = motion.indices.map { row in
      var column = Roots.zero
      for root in 0..<12 { column[root] = motion[row / 12 * 12 + root][row % 12] }
      return column
    }
    self.motion = motion
  }

  /// Roots of each family.
  typealias Families = InlineArray<3, Roots>

  /// What reaches each root of each family in a key, without the weight of the quality entered.
  func arriving(from current: [Roots], key: Int) -> Families {
    var leaving = Families(repeating: .zero)
    for (row, family) in zip(current, family) { leaving[family] += row }
    var arriving = Families(repeating: .zero)
    for from in 0..<families {
      for to in 0..<families {
        arriving[to] += Self.moved(leaving[from], motion, key * Self.rowsPerKey + (from * families + to) * 12)
      }
    }
    return arriving
  }

  /// The same backward in time.
  func leaving(to current: [Roots], key: Int) -> Families {
    var arriving = Families(repeating: .zero)
    for (quality, row) in current.enumerated() { arriving[family[quality]] += row * entry[quality] }
    var leaving = Families(repeating: .zero)
    for from in 0..<families {
      for to in 0..<families {
        leaving[from] += Self.moved(
          arriving[to], backwardMotion, key * Self.rowsPerKey + (from * families + to) * 12)
      }
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
  /// 0 in lanes with smaller values.
  fileprivate var notNegative: Self { replacing(with: 0, where: self .< 0) }
}
