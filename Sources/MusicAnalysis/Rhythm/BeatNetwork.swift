internal import Glibc

/// A convolutional network that estimates for each chord of a piece the probability of a beat and of a downbeat, the
/// local beat period and the meter.
///
/// A temporal convolutional network (Bai, Kolter & Koltun 2018; for beats Davies & Böck, EUSIPCO 2019) over chords instead of
/// equidistant frames; each block also has the distances in time of the chords of its taps as input. It is trained on
/// synthetic performances of scores in the public domain or under free licenses; see `docs/analysis-rhythm.md`.
package struct BeatNetwork: Sendable {
  /// The number of classes of beat periods, logarithmic from 0.2 to 2.7 s.
  static let periodCount = 32
  static let periodRange = 0.2...2.7
  /// The number of classes of meters: two, three and four beats per bar, first simple, then compound, and all others.
  static let meterCount = 7
  private static let channels = 96
  private static let dilations = [1, 2, 4, 8, 16, 32, 64, 128, 1, 4, 16, 64]
  /// The number of chords per batch.
  private static let step = 128

  package struct Output {
    /// The log odds that the chord is on a beat, one per chord.
    package var beat: [Float] = []
    /// The log odds that it is on a downbeat.
    package var downbeat: [Float] = []
    /// The logits of beat periods, chords × `periodCount`, row-major.
    package var period: [Float] = []
    /// The logits of meters, chords × `meterCount`, row-major.
    package var meter: [Float] = []
  }

  private struct Block {
    var dilation: Int
    var taps: LinearLayer
    var mixing: LinearLayer
  }

  private let input: LinearLayer
  private let blocks: [Block]
  private let output: LinearLayer

  /// The network with the weights that ship with the program.
  package static let trained = BeatNetwork(BeatWeights())

  private init(_ source: BeatWeights) {
    var weights = source
    let channels = Self.channels
    input = weights.layer(inputs: BeatFeatures.count, outputs: channels)
    blocks = Self.dilations.map { dilation in
      Block(
        dilation: dilation, taps: weights.layer(inputs: 3 * (channels + 2), outputs: channels),
        mixing: weights.layer(inputs: channels, outputs: channels))
    }
    // The last output, whether a chord is on a subdivision of a beat, is an auxiliary task of training.
    output = weights.layer(inputs: channels, outputs: 2 + Self.periodCount + Self.meterCount + 1)
  }

  /// The network's output for every chord. O(chords).
  package func callAsFunction(_ features: BeatFeatures) -> Output {
    let count = features.chords.count
    let onsets = features.chords.map(\.onset)
    var state = [Float](repeating: 0, count: count * Self.channels)
    input.apply(to: features.values, into: &state, count: count)
    Self.rectify(&state)
    var next = state
    for block in blocks {
      add(block, to: state, into: &next, onsets: onsets)
      swap(&state, &next)
    }
    var rows = [Float](repeating: 0, count: count * output.outputs)
    output.apply(to: state, into: &rows, count: count)
    var result = Output()
    result.period.reserveCapacity(count * Self.periodCount)
    result.meter.reserveCapacity(count * Self.meterCount)
    for start in stride(from: 0, to: rows.count, by: output.outputs) {
      result.beat.append(rows[start])
      result.downbeat.append(rows[start + 1])
      result.period += rows[start + 2..<start + 2 + Self.periodCount]
      result.meter += rows[start + 2 + Self.periodCount..<start + 2 + Self.periodCount + Self.meterCount]
    }
    return result
  }

  private func add(_ block: Block, to state: [Float], into next: inout [Float], onsets: [Double]) {
    let (count, channels) = (onsets.count, Self.channels)
    let distances = Self.distances(onsets, dilation: block.dilation)
    var taps = [Float](repeating: 0, count: Self.step * block.taps.inputs)
    var inner = [Float](repeating: 0, count: Self.step * channels)
    for start in stride(from: 0, to: count, by: Self.step) {
      let chords = start..<min(count, start + Self.step)
      gather(chords, of: state, distances: distances, dilation: block.dilation, into: &taps)
      block.taps.apply(to: taps, into: &inner, count: chords.count)
      Self.rectify(&inner)
      next.withUnsafeMutableBufferPointer { next in
        state.withUnsafeBufferPointer { state in
          guard let next = next.baseAddress, let state = state.baseAddress else { return }
          let first = start * channels
          block.mixing.apply(to: inner, into: next + first, count: chords.count, adding: state + first)
        }
      }
    }
  }

  /// Concatenates the three taps of each chord, each with its distances in time to the chords before and after it.
  private func gather(
    _ chords: Range<Int>, of state: [Float], distances: [Float], dilation: Int, into taps: inout [Float]
  ) {
    let (count, channels) = (state.count / Self.channels, Self.channels)
    taps.withUnsafeMutableBufferPointer { taps in
      state.withUnsafeBufferPointer { state in
        guard var target = taps.baseAddress, let state = state.baseAddress else { return }
        for chord in chords {
          for tap in stride(from: chord - dilation, through: chord + dilation, by: dilation) {
            if tap >= 0, tap < count {
              target.update(from: state + tap * channels, count: channels)
              target[channels] = tap >= dilation ? distances[tap - dilation] : 0
              target[channels + 1] = tap + dilation < count ? distances[tap] : 0
            } else {
              target.update(repeating: 0, count: channels + 2)
            }
            target += channels + 2
          }
        }
      }
    }
  }

  /// The log time from each chord to the one `dilation` chords later, relative to a usual value for this number of chords.
  private static func distances(_ onsets: [Double], dilation: Int) -> [Float] {
    zip(onsets, onsets.dropFirst(dilation)).map { onset, other in
      Float(log(min(max(max(other - onset, 0.02) / (0.2 * Double(dilation)), 0.1), 10)))
    }
  }

  private static func rectify(_ values: inout [Float]) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = max(values[index], 0) }
    }
  }
}
