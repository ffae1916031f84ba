/// A conditional random field over half beats (Lafferty, McCallum & Pereira 2001), whose states are the 168 chords of
/// 12 roots and 14 qualities.
///
/// A chord is scored by what sounds relative to its root, the weights being the same for all roots; non-chord tones
/// in the melody weigh less than notes that last or lie in the bass. Between half beats a chord goes on or another
/// follows, the likelier at beats, with new bass notes, and by common root motions.
enum ChordModel {
  static let qualities = ChordQuality.allCases.count
  /// State s is the quality s % 14 on the root s / 14.
  static let states = 12 * qualities

  static func root(_ state: Int) -> Int { state / qualities }
  static func quality(_ state: Int) -> ChordQuality { ChordQuality.allCases[state % qualities] }

  /// For each feature and pitch class what a unit of it adds to all states.
  static let emission: [Float] = {
    let features = HarmonicFrames.Feature.allCases.count
    var table: [Float] = []
    table.reserveCapacity(HarmonicFrames.width * states)
    for feature in 0..<features {
      for pitchClass in 0..<12 {
        for state in 0..<states {
          let interval = (pitchClass - root(state) + 12) % 12
          table.append(observation[(state % qualities * features + feature) * 12 + interval])
        }
      }
    }
    return table
  }()

  /// Row p holds the log weights of a change from state p to every other; to itself there is none.
  static let change: [Float] = {
    var table: [Float] = []
    table.reserveCapacity(states * states)
    for previous in 0..<states {
      for next in 0..<states {
        let from = quality(previous).family.rawValue
        let to = quality(next).family.rawValue
        let motion = (root(next) - root(previous) + 12) % 12
        table.append(
          previous == next ? -.infinity : rootMotion[(from * 3 + to) * 12 + motion] + entry[next % qualities])
      }
    }
    return table
  }()

  /// The log weight of going on with the chord into a frame.
  static func persistenceWeight(_ features: HarmonicFrames.Persistence) -> Float {
    persistence.indices.reduce(0) { $0 + persistence[$1] * features[$1] }
  }

  /// Writes the log weights of all states in one frame.
  static func score(_ frame: ArraySlice<Float>, into scores: inout [Float]) {
    for state in 0..<states { scores[state] = qualityBias[state % qualities] }
    for (offset, value) in frame.enumerated() where value != 0 {
      let row = offset * states
      emission.withUnsafeBufferPointer { table in
        scores.withUnsafeMutableBufferPointer { scores in
          for state in 0..<states { scores[state] += value * table[row + state] }
        }
      }
    }
  }
}
