internal import Glibc
internal import MusicCore

/// The forward pass of the forward-backward algorithm (Rabiner 1989), normalized to a sum of 1 in each frame.
///
/// Only the rows before every `blockLength`-th frame are stored, and those of the other frames recomputed block by block
/// (checkpointing), since all rows together would exceed the caches.
struct ChordForwardPass {
  private static let blockLength = 128

  let changeWeights: [Float]
  /// The log likelihood of the frames relative to choosing the best chord of each frame independently.
  private(set) var logLikelihood: Float = 0
  private let weights: [Roots]
  private let keys: [Int]?
  private let transitions: ChordTransitions
  /// The rows before each block, one row of roots per quality.
  private var starts: [Roots] = []

  /// Runs the pass over the weights of the chords in each frame and of a change into each frame. With the `keys` of
  /// the frames, changes are weighted by the progressions of the key.
  init(_ weights: [Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    self.changeWeights = changeWeights
    self.weights = weights
    self.keys = keys
    transitions = keys == nil ? .ofSongs : .ofKeys
    var current = Array(repeating: Roots(repeating: 1), count: ChordModel.qualities)
    for frame in changeWeights.indices {
      if frame.isMultiple(of: Self.blockLength) { starts += current }
      logLikelihood += log(step(to: frame, &current))
    }
  }

  /// Advances to a frame from the preceding one, and returns the divisor of the normalization.
  private func step(to frame: Int, _ current: inout [Roots]) -> Float {
    let (qualities, family, contexts) = (ChordModel.qualities, ChordModel.family, ChordModel.entryContexts)
    if frame > 0 {
      let key = keys?[frame] ?? 0
      let arriving = transitions.arriving(from: current, key: key)
      for quality in 0..<qualities {
        let change = arriving[family[quality]] * transitions.entry[quality]
        var gain = change - current[quality] * transitions.selfChange[key * qualities + quality]
        if keys != nil { gain *= contexts[key * qualities + quality] }
        current[quality] = (current[quality] + gain * changeWeights[frame]).notNegative
      }
    }
    for quality in 0..<qualities { current[quality] *= weights[frame * qualities + quality] }
    return ChordTransitions.normalize(&current)
  }

  /// Calls `body` with each frame, from the last to the first, and its rows.
  func forEachReversed(_ body: (Int, ArraySlice<Roots>) -> Void) {
    let qualities = ChordModel.qualities
    for first in stride(from: 0, to: changeWeights.count, by: Self.blockLength).reversed() {
      let block = first..<min(changeWeights.count, first + Self.blockLength)
      var current = Array(starts[first / Self.blockLength * qualities..<(first / Self.blockLength + 1) * qualities])
      var rows: [Roots] = []
      rows.reserveCapacity(block.count * qualities)
      for frame in block {
        _ = step(to: frame, &current)
        rows += current
      }
      for frame in block.reversed() {
        body(frame, rows[(frame - first) * qualities..<(frame - first + 1) * qualities])
      }
    }
  }
}

/// The backward pass.
struct ChordBackwardPass {
  /// The likelihood of the frames after this one given each chord, up to a common factor.
  private(set) var current = Array(repeating: Roots(repeating: 1), count: ChordModel.qualities)
  private let weights: [Roots]
  private let changeWeights: [Float]
  private let transitions: ChordTransitions
  private let keys: [Int]?

  init(_ weights: [Roots], _ changeWeights: [Float], keys: [Int]? = nil) {
    self.keys = keys
    transitions = keys == nil ? .ofSongs : .ofKeys
    self.weights = weights
    self.changeWeights = changeWeights
  }

  /// Moves from a frame to the preceding one.
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
      current[quality] = (current[quality] + change * changeWeights[frame]).notNegative
    }
  }
}

/// The weights of changes between chords, common to all keys or separate for each key.
struct ChordTransitions {
  /// Weights of root motions, independent of the key.
  static let ofSongs = ChordTransitions(ChordModel.motion)
  /// Weights of the chord progressions of each key.
  static let ofKeys = ChordTransitions((0..<Key.count).flatMap { ChordModel.progressions(in: Key(index: $0)) })

  let entry = ChordModel.entry.map { exp($0) }
  /// The weight of a "change" of each chord to itself, which is subtracted because it is not a change: row
  /// `key × qualities + quality`.
  let selfChange: [Roots]
  /// `rowsPerKey` rows for each key.
  private let motion: [Roots]
  /// The transposed weights, by the new root, to all previous roots.
  private let backwardMotion: [Roots]
  private let families = ChordModel.families
  private let family = ChordModel.family

  private static let rowsPerKey = ChordModel.families * ChordModel.families * 12

  private init(_ logs: [Roots]) {
    let motion = logs.map(\.exponential)
    let (entry, families) = (entry, families)
    selfChange = stride(from: 0, to: motion.count, by: Self.rowsPerKey).flatMap { first in
      zip(ChordModel.family, entry).map { family, entry in
        Roots { motion[first + (family * families + family) * 12 + $0][$0] * entry }
      }
    }
    backwardMotion = motion.indices.map { row in
      Roots { motion[row / 12 * 12 + $0][row % 12] }
    }
    self.motion = motion
  }

  /// The values of the roots of each family.
  typealias Families = InlineArray<3, Roots>

  /// The sum of all changes to each root of each family in a key, without the weight of the new quality.
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

  /// The sum of all changes from each root of each family, backward in time.
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

  /// The sum of twelve rows of motions, starting at `first`, each multiplied by the value of its root.
  private static func moved(_ roots: Roots, _ motion: [Roots], _ first: Int) -> Roots {
    motion.withUnsafeBufferPointer { motion in motion.baseAddress.map { roots.combined($0 + first) } ?? .zero }
  }

  /// Normalizes to a sum of 1, and returns the previous sum.
  static func normalize(_ values: inout [Roots]) -> Float {
    let sum = values.reduce(.zero, +).sum
    guard sum > 0 else { return 1 }
    let scale = 1 / sum
    for index in values.indices { values[index] *= scale }
    return sum
  }
}
