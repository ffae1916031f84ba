import Generation
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct ContinuationTests {
  private let piano = Channel(status: 2)
  private let bass = Channel(status: 0)

  private func note(
    _ pitch: UInt8, _ onset: Int64, _ end: Int64, _ channel: Channel, _ velocity: UInt8 = 80
  ) -> Note {
    Note(
      onset: Tick(rawValue: onset), end: Tick(rawValue: end), pitch: Pitch(masking: pitch),
      velocity: Velocity(masking: velocity), channel: channel)
  }

  private func control(_ tick: Int64, _ channel: Channel, _ message: ControlEvent.Message) -> ControlEvent {
    ControlEvent(tick: Tick(rawValue: tick), channel: channel, message: message)
  }

  /// Two instruments, drums, a pressed pedal, and a tempo that doubles at the second quarter note.
  private var prompt: Score {
    Score(
      tempoMap: TempoMap(
        division: .metrical(ticksPerQuarter: 960),
        changes: [
          TempoChange(tick: 0, microsecondsPerQuarter: 1_000_000),
          TempoChange(tick: 960, microsecondsPerQuarter: 500_000),
          TempoChange(tick: 4800, microsecondsPerQuarter: 250_000),
        ]),
      tracks: [
        Track(
          notes: [
            note(60, 0, 480, piano), note(64, 960, 1440, piano), note(67, 1440, 1920, piano),
            note(72, 2880, 9600, piano),
          ],
          controls: [
            control(0, piano, .program(Program(masking: 4))), control(900, piano, .controller(.sustain, 127)),
          ],
          end: 9600),
        Track(
          notes: [note(36, 0, 3840, bass)], controls: [control(0, bass, .program(Program(masking: 32)))], end: 3840),
        Track(notes: [note(38, 960, 1000, .drums), note(38, 4000, 4100, .drums)], end: 4100),
      ],
      timeSignatures: [TimeSignature(tick: .zero, numerator: 3, denominator: 4)])
  }

  /// The prompt is cut at 2.5 s, tick 3840. Two notes that the pedal holds and one whose key is down continue for
  /// another second, beside one new note.
  private func joined() throws -> (score: Score, tokens: [Token]) {
    var tokens = try TokenEncoder().encode(prompt)
    let cut = try #require(try Prompt(tokens, end: 160))
    tokens = cut.tokens
    let sounding: Set<UInt16> = [64, 67, 72]
    tokens += [.noteOn(Pitch(masking: 50)), .timeShift(64)]
    tokens += ([50] + sounding.sorted()).map { .noteOff(Pitch(masking: UInt8($0))) }
    let whole = try TokenDecoder(isStrict: true).decode(tokens).score
    return (Continuation(whole, after: 160).joined(to: prompt), tokens)
  }

  @Test func thePromptStaysAsItWas() throws {
    let score = try joined().score
    #expect(score.tracks.count == 4 && score.timeSignatures == prompt.timeSignatures)
    #expect(score.tempoMap.changes == Array(prompt.tempoMap.changes.prefix(2)))
    #expect(score.tracks[2].notes == [note(38, 960, 1000, .drums)])
    #expect(score.tracks[1].notes == prompt.tracks[1].notes)
    #expect(score.tracks[0].notes.map(\.onset) == prompt.tracks[0].notes.map(\.onset))
    #expect(score.tracks[0].controls.last == control(3840, piano, .controller(.sustain, 0)))
  }

  @Test func theNewMusicHasATrackOfItsOwn() throws {
    let track = try joined().score.tracks[3]
    #expect(track.name == Continuation.trackName)
    #expect(track.notes == [note(50, 3840, 5760, Channel(status: 1), track.notes.first?.velocity.rawValue ?? 0)])
    #expect(track.controls == [control(3840, Channel(status: 1), .program(Program(masking: 4)))])
  }

  /// The joined score encodes to the tokens of the take, including the notes that sound across the cut.
  @Test func itsTokensAreThoseOfTheTake() throws {
    let (score, tokens) = try joined()
    #expect(try TokenEncoder().encode(score) == tokens)
  }

  @Test func newMusicBeginsAtItsStart() throws {
    let whole = try TokenDecoder(isStrict: true).decode(joined().tokens).score
    let new = Continuation(whole, after: 160).newMusic
    #expect(new.tracks[0].notes.map(\.onset) == [.zero] && new.tracks[0].notes.map(\.pitch.rawValue) == [50])
    #expect(new.tempoMap.seconds(at: new.tracks[0].end) == Seconds(1))
  }
}
