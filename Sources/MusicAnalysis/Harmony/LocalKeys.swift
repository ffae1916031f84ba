internal import Glibc
public import MusicCore

/// A stretch of music in one key.
public struct KeySpan: Hashable, Sendable, Codable {
  public var start: Seconds
  public var end: Seconds
  public var name: Key
  /// The probability of the key, averaged over the stretch, 0…1.
  public var confidence: Double

  enum CodingKeys: String, CodingKey {
    case start = "startSeconds"
    case end = "endSeconds"
    case name, confidence
  }
}

/// The key of every beat by a hidden Markov model: pitch classes and chords are emitted, and keys change the less
/// readily the farther they are apart on the circle of fifths (after Temperley 2007, "Music and Probability", and
/// Raphael & Stoddard 2004).
struct LocalKeys {
  /// The key of every beat.
  private(set) var keys: [Key] = []
  private(set) var posteriors: [Double] = []

  private static let count = Key.count

  init(_ frames: HarmonicFrames, chordStates: [ChordModel.State]) {
    let scores = Self.emissions(frames, chordStates)
    guard !scores.isEmpty else { return }
    keys = Self.decode(scores).map(Key.init(index:))
    posteriors = zip(keys, Self.posteriors(scores)).map { $1[$0.index] }
  }

  /// The key of a frame.
  func key(at frame: Int) -> Key { keys[min(keys.count - 1, frame / HarmonicFrames.perBeat)] }

  /// The stretches of one key, from the first sound to the last.
  func spans(_ frames: HarmonicFrames) -> [KeySpan] {
    var spans: [KeySpan] = []
    var start = 0
    for beat in keys.indices where beat + 1 == keys.count || keys[beat + 1] != keys[beat] {
      let end = min(frames.count, (beat + 1) * HarmonicFrames.perBeat)
      spans.append(
        KeySpan(
          start: frames.time(of: start * HarmonicFrames.perBeat), end: frames.time(of: end), name: keys[beat],
          confidence: posteriors[start...beat].reduce(0, +) / Double(beat + 1 - start)))
      start = beat + 1
    }
    return spans
  }

  private static func emissions(_ frames: HarmonicFrames, _ states: [ChordModel.State]) -> [[Double]] {
    stride(from: 0, to: frames.count, by: HarmonicFrames.perBeat).map { start in
      let beat = start..<min(frames.count, start + HarmonicFrames.perBeat)
      let sounding = frames.profile(.sounding, in: beat)
      return (0..<count).map { index in
        let key = Key(index: index)
        let mode = key.isMinor ? 1 : 0
        var score = 0.0
        for degree in 0..<12 {
          score += pitchClassWeight * degreeLogs[mode][degree] * sounding[key.tonic.transposed(by: degree)]
        }
        for state in states[beat] {
          let degree = (state.root - key.tonic.rawValue + 12) % 12
          score += chordWeight * chordLogs[mode][state.quality.family.rawValue][degree]
        }
        return score
      }
    }
  }

  private static func decode(_ scores: [[Double]]) -> [Int] {
    var best = scores[0]
    var cameFrom: [[Int]] = []
    for beat in scores.dropFirst() {
      var next = best
      var origin = Array(0..<count)
      for key in 0..<count {
        for previous in 0..<count where best[previous] + changes[previous][key] > next[key] {
          next[key] = best[previous] + changes[previous][key]
          origin[key] = previous
        }
      }
      best = zip(next, beat).map(+)
      cameFrom.append(origin)
    }
    var key = best.indices.max { best[$0] < best[$1] } ?? 0
    var path = [key]
    for origin in cameFrom.reversed() {
      key = origin[key]
      path.append(key)
    }
    return path.reversed()
  }

  private static func posteriors(_ scores: [[Double]]) -> [[Double]] {
    let weights = scores.map { beat in
      let greatest = beat.max() ?? 0
      return beat.map { exp($0 - greatest) }
    }
    func passed(_ values: [Double]) -> [Double] {
      // Changes weigh the same in both directions.
      let through = (0..<count).map { key in
        (0..<count).reduce(0) { $0 + values[$1] * changeWeights[$1][key] }
      }
      return normalized(through)
    }
    var forward = [normalized(weights[0])]
    for beat in weights.dropFirst() {
      forward.append(normalized(zip(passed(forward[forward.count - 1]), beat).map(*)))
    }
    var backward = Array(repeating: 1.0, count: count)
    var result = forward
    for beat in weights.indices.reversed() {
      result[beat] = normalized(zip(forward[beat], backward).map(*))
      backward = passed(zip(backward, weights[beat]).map(*))
    }
    return result
  }

  private static func normalized(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return sum > 0 ? values.map { $0 / sum } : values
  }
}
