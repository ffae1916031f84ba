public import MusicCore

/// A random-walk melody with chords, determined by its seed.
public struct RandomWalk: Sendable {
  public var seed: UInt64
  /// The range of the walk's notes that are included.
  public var notes: Range<Int>
  public var semitones: Int
  public var microsecondsPerQuarter: Int
  public var velocity: UInt8

  public init(
    _ seed: UInt64, notes: Range<Int> = 0..<200, semitones: Int = 0, microsecondsPerQuarter: Int = 500_000,
    velocity: UInt8 = 70
  ) {
    self.seed = seed
    self.notes = notes
    self.semitones = semitones
    self.microsecondsPerQuarter = microsecondsPerQuarter
    self.velocity = velocity
  }

  public var score: Score {
    var generator = SeededGenerator(seed: seed)
    var (pitch, tick) = (60, 0)
    var music: [Note] = []
    for index in 0..<notes.upperBound {
      pitch = min(90, max(30, pitch + Int.random(in: -7...7, using: &generator)))
      tick += [0, 120, 240, 480].randomElement(using: &generator) ?? 0
      guard notes.contains(index) else { continue }
      music.append(
        Note(
          onset: Tick(rawValue: Int64(tick)), end: Tick(rawValue: Int64(tick + 240)),
          pitch: Pitch(masking: UInt8(pitch + semitones)), velocity: Velocity(masking: velocity)))
    }
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 480),
      changes: [TempoChange(tick: .zero, microsecondsPerQuarter: microsecondsPerQuarter)])
    return Score(tempoMap: map, tracks: [Track(notes: music, end: Tick(rawValue: Int64(tick + 240)))])
  }
}
