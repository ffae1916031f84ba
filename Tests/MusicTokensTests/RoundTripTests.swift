import MusicCore
import MusicTokens
import Testing

@Suite struct RoundTripTests {
  /// Two simultaneous notes of one pitch are merged in the tokens, which is reported.
  @Test func mergedNotesAreCounted() throws {
    func note(_ pitch: UInt8, _ onset: Int64, channel: UInt8) -> Note {
      Note(
        onset: Tick(rawValue: onset), end: Tick(rawValue: onset + 480), pitch: Pitch(masking: pitch),
        velocity: Velocity(masking: 80), channel: Channel(status: channel))
    }
    let parts = [0, 1, 2].map { channel in
      Track(notes: [note(60, 0, channel: channel), note(60 + channel, 960, channel: channel)], end: 1440)
    }
    let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: parts)
    let trip = try RoundTrip(of: score)
    #expect(trip.notesMerged == 2 && trip.notesLost == 0)
    #expect(try RoundTrip(of: Score(tempoMap: score.tempoMap, tracks: [parts[1]])).notesMerged == 0)
  }
}
