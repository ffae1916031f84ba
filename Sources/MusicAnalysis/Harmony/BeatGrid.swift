internal import MusicCore

/// Converts time to positions in quarter notes by the beats of a piece: position 0 is the first downbeat of a whole bar, or the
/// first beat; positions are interpolated between beats and extrapolated beyond them.
struct BeatGrid: Sendable {
  /// The times of the beats in seconds, strictly increasing; at least two.
  private let beats: [Double]
  /// The positions of the beats in quarter notes, strictly increasing.
  private let positions: [Double]
  /// The positions at which harmony is likely to change: the beats, and the quarter notes within longer beats.
  let pulses: [Double]
  let downbeats: [Double]

  /// A grid of the beats that are finite and increasing, a quarter note each; 120 per minute if there are fewer than two.
  init(_ beats: [Seconds], downbeats: [Seconds] = []) {
    var next = 0
    let indices = beats.indices.filter { index in
      while next < downbeats.count, downbeats[next] < beats[index] - Seconds(0.001) { next += 1 }
      return next < downbeats.count && downbeats[next] <= beats[index] + Seconds(0.001)
    }
    self.init(beats, positions: beats.indices.map(Double.init), downbeats: indices)
  }

  /// The grid of a known meter.
  init(_ grid: MetricalGrid) {
    let beats = grid.beatsSeconds
    var (positions, position, next, meter) = ([Double](), 0.0, 0, grid.meter)
    for index in beats.indices {
      while next < grid.meters.count, grid.meters[next].startSeconds <= beats[index] {
        meter = grid.meters[next].meter
        next += 1
      }
      positions.append(position)
      let written = index + 1 < beats.count ? grid.quarters[index + 1] - grid.quarters[index] : 1
      // In meters such as 12/16, a sixteenth is treated like an eighth in 12/8.
      position += meter.isCompound && meter.quartersPerBeat < 1.5 ? written * 1.5 / meter.quartersPerBeat : written
    }
    let first = grid.downbeats.count > 1 && grid.firstBarNumber == 0 ? grid.downbeats[1] : grid.downbeats.first ?? 0
    let zero = positions.isEmpty ? 0 : positions[first]
    self.init(beats, positions: positions.map { $0 - zero }, downbeats: grid.downbeats)
  }

  private init(_ beats: [Seconds], positions: [Double], downbeats: [Int] = []) {
    var kept: [Double] = []
    var places: [Double] = []
    for (beat, position) in zip(beats.lazy.map(\.rawValue), positions)
    where beat.isFinite && beat > (kept.last ?? -.infinity) + 1e-6 && position > (places.last ?? -.infinity) {
      kept.append(beat)
      places.append(position)
    }
    let first = kept.first ?? 0
    self.beats = kept.count > 1 ? kept : [first, first + 0.5]
    self.positions = kept.count > 1 ? places : [0, 1]
    self.downbeats = kept.count == beats.count ? downbeats.map { positions[$0] } : []
    pulses = Self.pulses(self.positions, self.downbeats)
  }

  /// The beats, divided into quarter notes if they are longer; if they are eighths, the downbeats instead.
  private static func pulses(_ positions: [Double], _ downbeats: [Double]) -> [Double] {
    let lengths = zip(positions, positions.dropFirst()).map { $1 - $0 }
    guard let last = lengths.last else { return positions }
    if !downbeats.isEmpty, lengths.sorted()[lengths.count / 2] < 0.75 { return downbeats }
    return zip(positions, lengths + [last]).flatMap { start, length in
      let parts = length >= 2 ? length.rounded(.down) : 1
      return stride(from: 0, to: parts, by: 1).map { start + $0 * length / parts }
    }
  }

  /// The position of a time. O(log n).
  func position(of time: Seconds) -> Double {
    let next = beats[1..<beats.count - 1].partitioningIndex { $0 > time.rawValue }
    let share = (time.rawValue - beats[next - 1]) / (beats[next] - beats[next - 1])
    return positions[next - 1] + share * (positions[next] - positions[next - 1])
  }

  /// The time of a position in whole microseconds, rounded down, so that rounding errors cannot place it after
  /// a beat that it falls on.
  func time(at position: Double) -> Seconds {
    let next = positions[1..<positions.count - 1].partitioningIndex { $0 > position }
    let share = (position - positions[next - 1]) / (positions[next] - positions[next - 1])
    let seconds = beats[next - 1] + share * (beats[next] - beats[next - 1])
    return Seconds((seconds * 1e6 + 0.01).rounded(.down) / 1e6)
  }
}
