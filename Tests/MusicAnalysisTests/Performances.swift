import MusicCore
import TestSupport

/// Scores for the tests of rhythm, melody and dynamics.
enum Performances {
  static let ticksPerQuarter = 480

  static func note(
    _ onset: Double, _ length: Double, _ pitch: Int, velocity: Int = 80, channel: Channel = Channel(status: 0)
  ) -> Note {
    Note(
      onset: Tick(rawValue: Int64((onset * 960).rounded())),
      end: Tick(rawValue: Int64(((onset + length) * 960).rounded())), pitch: Pitch(masking: UInt8(pitch)),
      velocity: Velocity(masking: UInt8(velocity)), channel: channel)
  }

  /// Notes with times in seconds, at 120 quarters per minute.
  static func score(_ tracks: [Note]..., signatures: [TimeSignature] = []) -> Score {
    Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: ticksPerQuarter)),
      tracks: tracks.map { Track(notes: $0.sorted { $0.onset < $1.onset }) }, timeSignatures: signatures)
  }

  /// A synthetic performance of a sonatina: broken chords in eighths under a melody of quarters and some eighths that
  /// rests at the end of every four bars, with rubato and asynchronous hands.
  static func rubato(bars: Int, beat period: Double = 0.6, seed: UInt64) -> (score: Score, beats: [Double]) {
    var generator = SeededGenerator(seed: seed)
    func jitter(_ width: Double) -> Double { Double.random(in: -width...width, using: &generator) }
    var time = 1.37
    var drift = 0.0
    var beats: [Double] = []
    for beat in 0...4 * bars {
      beats.append(time)
      drift = 0.9 * drift + jitter(0.03)
      time += period * (1 + drift) * (beat % 32 >= 30 ? 1.2 : 1)
    }
    let roots = [0, 5, 7, 0, 9, 2, 7, 0]
    let scale = [72, 74, 76, 77, 79, 81, 83, 84]
    var notes: [Note] = []
    var degree = 4
    for beat in 0..<4 * bars {
      let (onset, length) = (beats[beat], beats[beat + 1] - beats[beat])
      let (bar, place) = beat.quotientAndRemainder(dividingBy: 4)
      let root = 48 + roots[bar % 8]
      for eighth in 0..<2 {
        let pitch = root + [0, 7, 4, 7][(2 * place + eighth) % 4]
        let start = onset + Double(eighth) * length / 2 + jitter(0.012)
        notes.append(note(start, 0.45 * length, pitch, velocity: eighth == 0 ? 60 : 52))
      }
      degree = max(0, min(7, degree + Int.random(in: -2...2, using: &generator)))
      if place == 3, bar % 4 == 3 { continue }
      notes.append(note(onset + jitter(0.012), 0.9 * length, scale[degree], velocity: place == 0 ? 86 : 78))
      if Int.random(in: 0...2, using: &generator) == 0 {
        notes.append(note(onset + length / 2 + jitter(0.012), 0.4 * length, scale[min(7, degree + 1)], velocity: 72))
      }
    }
    return (score(notes), Array(beats.dropLast()))
  }
}
