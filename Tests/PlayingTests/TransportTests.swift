import MusicCore
import Playing
import Testing

@Suite struct TransportTests {
  /// Notes of half a second at 0 s, 1 s, 2 s …, from pitch 60 upward.
  private let score = Score(
    tempoMap: TempoMap(
      division: .metrical(ticksPerQuarter: 100), changes: [TempoChange(tick: 0, microsecondsPerQuarter: 1_000_000)]),
    tracks: [
      Track(
        notes: (0..<10).map {
          Note(
            onset: Tick(rawValue: 100 * $0), end: Tick(rawValue: 100 * $0 + 50),
            pitch: Pitch(masking: UInt8(60 + $0)), velocity: Velocity(masking: 64))
        }, end: 1000)
    ])

  /// The note-ons (`+60`) and note-offs (`-60`) among messages.
  private func text(_ messages: [MIDIMessage]) -> [String] {
    messages.compactMap { message in
      guard case .channel(let message) = message else { return nil }
      return switch message.kind {
      case .noteOn(let pitch, _): "+\(pitch.rawValue)"
      case .noteOff(let pitch, _): "-\(pitch.rawValue)"
      case .control: nil
      }
    }
  }

  @Test func messagesAreReturnedWhenDue() {
    var transport = Transport(Performance(score), at: Seconds(100))
    #expect(transport.due(at: Seconds(99)).isEmpty && transport.nextTime == Seconds(100))
    #expect(text(transport.due(at: Seconds(101.2))) == ["+60", "-60", "+61"])
    #expect(transport.position(at: Seconds(101.2)) == Seconds(101.2 - 100))
    _ = transport.due(at: Seconds(200))
    #expect(transport.isOver)
  }

  @Test func aPauseEndsSoundingNotesAndKeepsThePosition() {
    var transport = Transport(Performance(score), at: .zero)
    #expect(text(transport.due(at: Seconds(2.25))).last == "+62")
    #expect(text(transport.pause(at: Seconds(2.25))) == ["-62"])
    #expect(transport.due(at: Seconds(50)).isEmpty && !transport.isOver && transport.nextTime == nil)
    #expect(transport.position(at: Seconds(50)) == Seconds(2.25))
    transport.resume(at: Seconds(60))
    // The note-off of the interrupted note is sent again, which does no harm.
    #expect(text(transport.due(at: Seconds(60.8))).filter { $0.hasPrefix("+") } == ["+63"])
  }

  @Test func playbackContinuesFromTheSoughtPosition() {
    var transport = Transport(Performance(score), speed: 2, at: .zero)
    _ = transport.due(at: Seconds(0.1))
    #expect(text(transport.seek(to: Seconds(7), at: Seconds(0.1))) == ["-60"])
    #expect(text(transport.due(at: Seconds(0.1))) == ["+67"])
    #expect(transport.position(at: Seconds(0.6)) == Seconds(8))
    _ = transport.seek(to: Seconds(-3), at: Seconds(1))
    #expect(transport.position(at: Seconds(1)) == .zero)
    _ = transport.pause(at: Seconds(1))
    _ = transport.seek(to: Seconds(99), at: Seconds(1))
    #expect(transport.position(at: Seconds(5)) == Seconds(10) && transport.isPaused)
  }

  @Test func aLoopBeginsAgainInTime() {
    var transport = Transport(Performance(score).until(Seconds(4)), from: Seconds(2), looping: true, at: .zero)
    #expect(text(transport.due(at: Seconds(4.1))) == ["+62", "-62", "+63", "-63", "+62", "-62", "+63", "-63", "+62"])
    // After seeking, playback still runs to the end of the loop and then back to its beginning.
    _ = transport.seek(to: Seconds(3.5), at: Seconds(10))
    #expect(text(transport.due(at: Seconds(10.6))).last == "+62")
    #expect(!transport.isOver)
  }

  @Test func scoresAreTransposedWithoutTheirDrums() {
    var piece = score
    piece.tracks.append(
      Track(notes: [
        Note(
          onset: 0, end: 10, pitch: Pitch(masking: 38), velocity: Velocity(masking: 64), channel: .drums)
      ]))
    let higher = piece.transposed(by: 60)
    #expect(higher.tracks[0].notes.map(\.pitch.rawValue) == [120, 121, 122, 123, 124, 125, 126, 127])
    #expect(higher.tracks[1].notes == piece.tracks[1].notes)
    #expect(piece.keepingNotes { $0 == 1 }.tracks.map(\.notes.count) == [0, 1])
  }

  @Test func barsAreCountedByTheMeters() {
    var piece = score
    piece.timeSignatures = [
      TimeSignature(tick: 0, numerator: 3, denominator: 4), TimeSignature(tick: 500, numerator: 4, denominator: 4),
    ]
    #expect([0, 299, 300, 499, 500, 899, 900].map { piece.bar(at: Tick(rawValue: $0)) } == [1, 1, 2, 2, 3, 3, 4])
  }
}
