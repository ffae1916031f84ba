internal import MusicCore

/// The harmonic rhythm: the rate of chord changes.
public struct HarmonicRhythm: Hashable, Sendable, Codable {
  /// The number of chord changes per minute.
  public var chordsPerMinute: Double
  /// The mean duration of a chord in beats.
  public var meanBeatsPerChord: Double
  /// The share of chord changes on a downbeat; nil if downbeats are unknown or there are no changes.
  public var changesOnDownbeats: Double?

  /// The harmonic rhythm of chords; nil if there are none.
  init?(_ chords: [ChordSpan], _ frames: HarmonicFrames, beats: BeatGrid, downbeats: [Seconds]) {
    let seconds = chords.reduce(0) { $0 + ($1.end - $1.start).rawValue }
    guard seconds > 0 else { return nil }
    let lengths = chords.map { beats.position(of: $0.end) - beats.position(of: $0.start) }
    chordsPerMinute = Double(chords.count) * 60 / seconds
    meanBeatsPerChord = lengths.reduce(0, +) / Double(chords.count)
    let strong = Set(downbeats.map(frames.frame(nearest:)))
    let changes = chords.dropFirst().map { frames.frame(nearest: $0.start) }
    if !strong.isEmpty, !changes.isEmpty {
      changesOnDownbeats = Double(changes.count(where: strong.contains)) / Double(changes.count)
    }
  }
}
