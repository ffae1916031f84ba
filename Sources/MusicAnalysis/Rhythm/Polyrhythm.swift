internal import Glibc
public import MusicCore

/// A polyrhythm: beats that the hands divide into coprime numbers of parts, such as three against two.
public struct Polyrhythm: Hashable, Sendable, Codable {
  /// The number of parts of the right hand and of the left, such as `3:2`.
  public var ratio: String
  /// The number of beats in which it occurs.
  public var beats: Int
  /// When it first occurs.
  public var firstSeconds: Seconds
}

extension Polyrhythm {
  /// The polyrhythms of two hands, the most frequent first. Onsets are in beats, ascending. O(n).
  static func find(right: [Double], left: [Double], grid: MetricalGrid) -> [Polyrhythm] {
    let upper = divisions(right, beats: grid.beatsSeconds.count)
    let lower = divisions(left, beats: grid.beatsSeconds.count)
    var found: [String: Polyrhythm] = [:]
    for (beat, (first, second)) in zip(upper, lower).enumerated() where first > 1 && second > 1 {
      guard first != second, !first.isMultiple(of: second), !second.isMultiple(of: first) else { continue }
      let ratio = "\(first):\(second)"
      found[ratio, default: Polyrhythm(ratio: ratio, beats: 0, firstSeconds: grid.beatsSeconds[beat])].beats += 1
    }
    return found.values.sorted { ($1.beats, $0.ratio) < ($0.beats, $1.ratio) }
  }

  /// The number of equal parts into which each beat is divided; 0 if it has no onset at its start or its parts are unequal.
  private static func divisions(_ onsets: [Double], beats: Int) -> [Int] {
    var divisions = [Int](repeating: 0, count: beats)
    var index = 0
    for beat in 0..<beats {
      while index < onsets.count, onsets[index] < Double(beat) - 0.06 { index += 1 }
      var count = 0
      var isEven = true
      var phases: [Double] = []
      while index + count < onsets.count, onsets[index + count] < Double(beat) + 0.94 {
        phases.append(onsets[index + count] - Double(beat))
        count += 1
      }
      for (part, phase) in phases.enumerated() where abs(phase - Double(part) / Double(count)) > 0.2 / Double(count) {
        isEven = false
      }
      divisions[beat] = isEven && count <= 12 ? count : 0
    }
    return divisions
  }
}
