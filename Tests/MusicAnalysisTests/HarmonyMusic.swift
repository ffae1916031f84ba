import MusicAnalysis
import MusicCore

/// Synthetic music for tests: 120 quarter notes per minute, 480 ticks each.
enum Music {
  /// A sequence of chords with the same duration in beats.
  static func blocks(_ chords: [[Int]], beats: Int = 1) -> Score {
    score(
      chords.enumerated().flatMap { index, chord in
        chord.map { note($0, at: Double(index * beats), beats: Double(beats)) }
      })
  }

  static func note(_ pitch: Int, at onset: Double, beats: Double, channel: UInt8 = 0) -> Note {
    Note(
      onset: Tick(rawValue: Int64(onset * 480)), end: Tick(rawValue: Int64((onset + beats) * 480)),
      pitch: Pitch(masking: UInt8(pitch)), velocity: Velocity(masking: 80), channel: Channel(status: channel))
  }

  static func score(_ notes: [Note]) -> Score {
    Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
      tracks: [Track(notes: notes.sorted { $0.onset < $1.onset })])
  }
}

extension Score {
  /// The harmony with quarter notes as beats and bars of four.
  var harmony: HarmonyAnalysis {
    let beats = (0...Int(lastNoteEnd.rawValue / 480)).map { Seconds(Double($0) / 2) }
    let downbeats = beats.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
    return HarmonyAnalysis(self, beats: beats, downbeats: downbeats)
  }
}
