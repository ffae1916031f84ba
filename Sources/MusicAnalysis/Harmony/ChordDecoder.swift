internal import Glibc

/// Finds the likeliest sequence of chords and how likely each of them is.
struct ChordDecoder {
  /// The state of every frame.
  private(set) var states: [Int] = []
  /// The posterior probability of that state.
  private(set) var posteriors: [Float] = []

  private let count: Int
  private let width = ChordModel.states
  /// Log weights of going on with a chord into each frame.
  private let persistence: [Float]
  /// Log weights of all states in all frames, each frame less its greatest.
  private var scores: [Float]

  /// - Complexity: O(frames × states × the number of chords that come into question in a frame).
  init(_ frames: HarmonicFrames) {
    count = frames.count
    persistence = frames.persistence.map(ChordModel.persistenceWeight)
    scores = []
    scores.reserveCapacity(count * width)
    var frameScores = Array(repeating: Float(0), count: width)
    for frame in 0..<count {
      let range = frame * HarmonicFrames.width..<(frame + 1) * HarmonicFrames.width
      ChordModel.score(frames.values[range], into: &frameScores)
      let greatest = frameScores.max() ?? 0
      for score in frameScores { scores.append(score - greatest) }
    }
    guard count > 0 else { return }
    decode()
    estimate()
  }

  /// Viterbi's algorithm. A change from a chord e¹⁰ times less likely than the best is not tried.
  private mutating func decode() {
    var best = Array(scores[..<width])
    var cameFrom = Array(repeating: UInt8(0), count: count * width)
    var reached = Array(repeating: Float(0), count: width)
    var origin = Array(repeating: UInt8(0), count: width)
    for frame in 1..<max(1, count) {
      for state in 0..<width {
        reached[state] = best[state] + persistence[frame]
        origin[state] = UInt8(state)
      }
      let limit = (best.max() ?? 0) - 10
      for previous in 0..<width where best[previous] >= limit {
        Self.relax(from: previous, best[previous], reached: &reached, origin: &origin)
      }
      let base = frame * width
      for state in 0..<width {
        best[state] = reached[state] + scores[base + state]
        cameFrom[base + state] = origin[state]
      }
      let greatest = best.max() ?? 0
      for state in 0..<width { best[state] -= greatest }
    }
    var state = best.indices.max { best[$0] < best[$1] } ?? 0
    states = Array(repeating: 0, count: count)
    for frame in stride(from: count - 1, through: 0, by: -1) {
      states[frame] = state
      state = Int(cameFrom[frame * width + state])
    }
  }

  private static func relax(from previous: Int, _ score: Float, reached: inout [Float], origin: inout [UInt8]) {
    let width = ChordModel.states
    ChordModel.change.withUnsafeBufferPointer { change in
      for next in 0..<width {
        let candidate = score + change[previous * width + next]
        if candidate > reached[next] {
          reached[next] = candidate
          origin[next] = UInt8(previous)
        }
      }
    }
  }

  /// The forward-backward algorithm (Rabiner 1989), scaled to a sum of 1 in each frame.
  private mutating func estimate() {
    let weights = scores.map { exp($0) }
    let persistence = persistence.map { exp($0) }
    var forward = Array(repeating: 1 / Float(width), count: count * width)
    var current = Array(weights[..<width])
    Self.normalize(&current)
    forward.replaceSubrange(0..<width, with: current)
    for frame in 1..<max(1, count) {
      var next = current.map { $0 * persistence[frame] }
      Self.spread(current, through: ChangeWeights.forward, into: &next)
      for state in 0..<width { next[state] *= weights[frame * width + state] }
      Self.normalize(&next)
      forward.replaceSubrange(frame * width..<(frame + 1) * width, with: next)
      current = next
    }
    var backward = Array(repeating: Float(1), count: width)
    posteriors = Array(repeating: 0, count: count)
    for frame in stride(from: count - 1, through: 0, by: -1) {
      let base = frame * width
      var total: Float = 0
      for state in 0..<width { total += forward[base + state] * backward[state] }
      posteriors[frame] = total > 0 ? forward[base + states[frame]] * backward[states[frame]] / total : 0
      for state in 0..<width { backward[state] *= weights[base + state] }
      Self.normalize(&backward)
      var previous = backward.map { $0 * persistence[frame] }
      Self.spread(backward, through: ChangeWeights.backward, into: &previous)
      backward = previous
    }
  }

  private static func normalize(_ values: inout [Float]) {
    let sum = values.reduce(0, +)
    guard sum > 0 else { return }
    for index in values.indices { values[index] /= sum }
  }

  /// Adds what all but negligible values contribute through the rows of a matrix.
  private static func spread(_ values: [Float], through matrix: [Float], into result: inout [Float]) {
    let width = ChordModel.states
    let limit = (values.max() ?? 0) * 1e-4
    matrix.withUnsafeBufferPointer { matrix in
      result.withUnsafeMutableBufferPointer { result in
        for (row, value) in values.enumerated() where value > limit {
          for column in 0..<width { result[column] += value * matrix[row * width + column] }
        }
      }
    }
  }

  /// The weights of changes, as the forward pass and as the backward pass need them.
  private enum ChangeWeights {
    static let forward = ChordModel.change.map { exp($0) }
    static let backward: [Float] = {
      let width = ChordModel.states
      return (0..<width * width).map { forward[$0 % width * width + $0 / width] }
    }()
  }
}
