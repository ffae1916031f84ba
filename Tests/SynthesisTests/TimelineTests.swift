import MusicCore
import Synthesis
import Testing

struct TimelineTests {
  /// The events as text, with times in milliseconds.
  private func words(_ score: Score) -> [String] {
    Timeline(score, rate: 1000).events.map { event in
      switch event.action {
      case .systemExclusive: "\(event.frame) sysex"
      case .message(let message, let port):
        switch message.kind {
        case .noteOn(let pitch, _): "\(event.frame) on \(pitch.rawValue) \(port):\(message.channel.rawValue)"
        case .noteOff(let pitch, _): "\(event.frame) off \(pitch.rawValue) \(port):\(message.channel.rawValue)"
        case .control: "\(event.frame) control \(port):\(message.channel.rawValue)"
        }
      }
    }
  }

  @Test func orderWithinATick() {
    let piece = score(
      [note(60, 0..<10), note(62, 10..<20), note(64, 10..<10)],
      controls: [control(10, .program(Program(masking: 5)))],
      systemExclusives: [SystemExclusive(tick: 10, bytes: [0x7E, 0x7F, 9, 1])])
    #expect(
      words(piece) == [
        "0 on 60 0:0", "10 off 60 0:0", "10 sysex", "10 control 0:0", "10 on 62 0:0", "10 on 64 0:0", "10 off 64 0:0",
        "20 off 62 0:0",
      ])
  }

  @Test func overtakenNoteDoesNotEndTheOneAfterIt() {
    let piece = score([note(60, 0..<100), note(60, 50..<200), note(60, 60..<150, channel: 1)])
    #expect(
      words(piece) == [
        "0 on 60 0:0", "50 off 60 0:0", "50 on 60 0:0", "60 on 60 0:1", "150 off 60 0:1", "200 off 60 0:0",
      ])
  }

  @Test func tracksOfOtherPortsStayApart() {
    var piece = score([note(60, 0..<10)])
    piece.tracks.append(Track(notes: [note(60, 5..<20, port: 1)], end: 20))
    #expect(words(piece) == ["0 on 60 0:0", "5 on 60 1:0", "10 off 60 0:0", "20 off 60 1:0"])
    #expect(Timeline(piece, rate: 1000).ports == 2)
  }

  @Test func timeFollowsTheTempoMap() {
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 480),
      changes: [
        TempoChange(tick: 0, microsecondsPerQuarter: 500_000),
        TempoChange(tick: 480, microsecondsPerQuarter: 1_000_000),
      ])
    let piece = Score(tempoMap: map, tracks: [Track(notes: [note(60, 480..<960)], end: 1440)])
    let timeline = Timeline(piece, rate: 48_000)
    #expect(timeline.events.map(\.frame) == [24_000, 72_000])
    #expect(timeline.end == 120_000)
  }

  @Test func leftOutNotes() {
    let piece = score([note(60, 0..<10), note(62, 0..<10)], controls: [control(0, .pitchBend(0))])
    let timeline = Timeline(piece, rate: 1000) { _, note in note.pitch.rawValue == 60 }
    #expect(timeline.noteCount == 1 && timeline.events.count == 3)
  }
}
