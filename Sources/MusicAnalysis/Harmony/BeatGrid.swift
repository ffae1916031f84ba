internal import MusicCore

/// The beats of a piece as a measure of time: position 0 is the first beat, 1 the second, and between and beyond
/// them it runs on evenly.
struct BeatGrid: Sendable {
  /// Rising strictly, at least two.
  private let beats: [Double]

  /// A grid of the beats that are finite and rise; 120 a minute where fewer than two do.
  init(_ beats: [Seconds]) {
    var kept: [Double] = []
    for beat in beats.map(\.rawValue) where beat.isFinite && beat > (kept.last ?? -.infinity) + 1e-6 {
      kept.append(beat)
    }
    let first = kept.first ?? 0
    self.beats = kept.count > 1 ? kept : [first, first + 0.5]
  }

  /// The position of a time. O(log n).
  func position(of time: Seconds) -> Double {
    let next = beats[1..<beats.count - 1].partitioningIndex { $0 > time.rawValue }
    return Double(next - 1) + (time.rawValue - beats[next - 1]) / (beats[next] - beats[next - 1])
  }

  /// The time of a position in whole microseconds, rounded down, so that noise in the last digits cannot put it after
  /// a beat that it falls on.
  func time(at position: Double) -> Seconds {
    let index = Int(max(0, min(Double(beats.count - 2), position.rounded(.down))))
    let seconds = beats[index] + (position - Double(index)) * (beats[index + 1] - beats[index])
    return Seconds((seconds * 1e6 + 0.01).rounded(.down) / 1e6)
  }
}
