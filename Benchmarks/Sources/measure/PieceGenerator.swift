import MusicCore

/// Generates pieces of very different kinds, the same for the same seed: scores on a grid with equal velocities, and
/// performances with free timing, many velocities and the pedal.
struct PieceGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A piece for two hands.
  mutating func piece(notes count: Int) -> Score {
    let isPerformance = number(below: 2) == 0
    let division = [96, 384, 480, 960][number(below: 4)]
    var tracks = [
      hand(around: 67, count / 2, division, isPerformance),
      hand(around: 46, count - count / 2, division, isPerformance),
    ]
    if isPerformance { tracks[0].controls = pedal(to: tracks[0].end, division) }
    let tempo = TempoChange(tick: 0, microsecondsPerQuarter: 300_000 + 1000 * number(below: 600))
    return Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: division), changes: [tempo]), tracks: tracks)
  }

  /// Chords of up to four notes, mostly single ones.
  private mutating func hand(around middle: Int, _ count: Int, _ division: Int, _ isPerformance: Bool) -> Track {
    var notes: [Note] = []
    var tick = 0
    var root = middle
    while notes.count < count {
      let length = [division / 4, division / 2, division / 2, division][number(below: 4)]
      let looseness = isPerformance ? max(1, division / 24) : 1
      root = min(max(root + number(below: 9) - 4, middle - 14), middle + 14)
      for voice in 0..<min([1, 1, 1, 1, 2, 2, 3, 4][number(below: 8)], count - notes.count) {
        let onset = tick + number(below: looseness)
        let velocity = isPerformance ? 30 + number(below: 80) : 90
        notes.append(
          Note(
            onset: Tick(rawValue: Int64(onset)), end: Tick(rawValue: Int64(onset + length - number(below: looseness))),
            pitch: Pitch(masking: UInt8(root + voice * 4)), velocity: Velocity(masking: UInt8(velocity))))
      }
      tick += length
    }
    notes.sort { $0.onset < $1.onset }
    return Track(notes: notes, end: Tick(rawValue: Int64(tick + division)))
  }

  /// Pedal events: down and up in every bar.
  private func pedal(to end: Tick, _ division: Int) -> [ControlEvent] {
    stride(from: 0, to: end.rawValue, by: 4 * division).flatMap { start in
      [(start, UInt8(127)), (start + Int64(3 * division), 0)].map { tick, value in
        ControlEvent(
          tick: Tick(rawValue: tick), channel: Channel(status: 0), message: .controller(.sustain, value))
      }
    }
  }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  private mutating func number(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ z >> 31) % UInt64(limit))
  }
}
