import Files
import MIDIFiles
import MIDIPorts
import MusicCore
import MusicTokens
import Recording
import TestSupport
import Testing

@Suite struct TakeRecorderTests {
  private let folder: TemporaryFolder
  private let port = PortAddress(client: 128, port: 0)
  private let piano = PortAddress(client: 20, port: 0)
  private let pad = PortAddress(client: 24, port: 1)

  init() throws { folder = try TemporaryFolder() }

  private func arrival(_ message: MIDIMessage, from source: PortAddress, at time: Double) -> Arrival {
    .message(message, from: source, at: Seconds(time))
  }

  private func on(_ pitch: UInt8, from source: PortAddress, at time: Double) -> Arrival {
    arrival(.noteOn(Channel(status: 0), Pitch(masking: pitch), Velocity(masking: 80)), from: source, at: time)
  }

  private func off(_ pitch: UInt8, from source: PortAddress, at time: Double) -> Arrival {
    arrival(.noteOff(Channel(status: 0), Pitch(masking: pitch), Velocity(masking: 64)), from: source, at: time)
  }

  /// Records arrivals and reads the notes of the file.
  private func notes(_ arrivals: [Arrival], end: Double) throws -> [(pitch: UInt8, start: Double, end: Double)] {
    let path = folder.path("take.mid")
    var recorder = try TakeRecorder(path: path, port: port, tokens: false)
    for arrival in arrivals { try recorder.receive(arrival) }
    _ = try recorder.finish(at: Seconds(end))
    let score = try MIDIFile(bytes: try readBytes(ofFile: path), options: .init()).score
    return score.tracks.flatMap(\.notes).map { note in
      let times = [note.onset, note.end].map { (score.tempoMap.seconds(at: $0).rawValue * 1000).rounded() / 1000 }
      return (note.pitch.rawValue, times[0], times[1])
    }
  }

  @Test func theFirstMessageOfMusicStartsTheTake() throws {
    let clock = [0.0, 1, 2].map { arrival(.system(.clock), from: piano, at: $0) }
    let notes = try notes(
      clock + [
        arrival(.system(.activeSensing), from: pad, at: 3), on(60, from: piano, at: 10), off(60, from: piano, at: 11),
      ],
      end: 12)
    #expect(notes.map(\.start) == [0] && notes.map(\.end) == [1])
  }

  @Test func notesOfARemovedPortEnd() throws {
    let arrivals = [
      on(60, from: piano, at: 1), on(64, from: pad, at: 1), .change(.disconnected(from: pad, to: port), at: Seconds(3)),
    ]
    let notes = try notes(arrivals, end: 5).sorted { $0.pitch < $1.pitch }
    #expect(notes.map(\.end) == [4, 2])
  }

  @Test func silenceBeginsWhenAllKeysAreUp() throws {
    var recorder = try TakeRecorder(path: folder.path("b.mid"), port: port, tokens: false)
    #expect(recorder.silence(at: Seconds(100)) == .zero)
    try recorder.receive(on(60, from: piano, at: 1))
    #expect(recorder.silence(at: Seconds(100)) == .zero)
    try recorder.receive(off(60, from: piano, at: 2))
    try recorder.receive(arrival(.system(.clock), from: piano, at: 50))
    #expect(recorder.silence(at: Seconds(100)) == Seconds(98))
    try recorder.receive(.lost(events: 3))
    #expect(recorder.noteCount == 1 && recorder.lostCount == 3 && recorder.lastArrival == Seconds(2))
    _ = try recorder.finish(at: Seconds(3))
  }

  /// The tokens printed while a take is recorded are those of its file.
  @Test func tokensAreThoseOfTheFile() throws {
    let path = folder.path("c.mid")
    var recorder = try TakeRecorder(path: path, port: port, tokens: true)
    var text = ""
    for step in 0..<40 {
      let (time, pitch) = (5 + 0.21 * Double(step), UInt8(50 + 7 * step % 30))
      try recorder.receive(on(pitch, from: piano, at: time))
      text += recorder.takeTokens(at: Seconds(time + 0.05))
      try recorder.receive(off(pitch, from: piano, at: time + 0.1))
    }
    let (rest, duration) = try recorder.finish(at: Seconds(14))
    let score = try MIDIFile(bytes: try readBytes(ofFile: path), options: .init()).score
    let expected = try TokenEncoder().encode(score).map { "\($0.rawValue)\n" }.joined()
    #expect(text + rest == expected && !text.isEmpty && abs(duration.rawValue - 9) < 0.01)
  }
}
