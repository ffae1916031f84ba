import MusicAnalysis
import MusicCore

/// Music made up for tests: 120 quarter notes a minute, 480 ticks each.
enum Music {
  /// Chords one after another, each of some beats.
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
  /// The analysis on quarter notes and bars of four.
  var harmony: HarmonyAnalysis {
    let beats = (0...Int(lastNoteEnd.rawValue / 480)).map { Seconds(Double($0) / 2) }
    let downbeats = beats.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
    return HarmonyAnalysis(self, beats: beats, downbeats: downbeats)
  }
}
