import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import MusicTokens
import Playing
import Testing

extension SequencerTests {
  @Suite struct RecordTests {
    /// Times are compared with those of `arecordmidi`, which captures the same events, because the timing of
    /// `aplaymidi` is not under test.
    @Test func capturesWhatAplaymidiPlays() async throws {
      let score = music(notes: 300)
      let (source, take, peerTake) = (try file(score), temporaryPath("mid"), temporaryPath("mid"))
      let observer = try await Peer("observer")
      let peer = try Subprocess(["arecordmidi", "-p", "14:0", "-t", "1000", peerTake])
      let recording = try Subprocess([aurl, "record", "-o", take, "--from", "Midi Through", "--until-silence", "0.5"])
      #expect(try await eventually { await observer.listeners(of: .midiThrough).count == 2 })
      let playing = try Subprocess(["aplaymidi", "-p", "14:0", source])
      #expect(try await playing.exitStatus(within: 60) == 0)
      #expect(try await recording.exitStatus() == 0)
      peer.send(SIGINT)
      #expect(try await peer.exitStatus() == 0)
      let recorded = try MIDIFile(path: take)
      #expect(recorded.repairs == [])
      let sounds = Sound.all(of: recorded.score)
      let worst = try #require(deviation(Sound.all(of: try MIDIFile(path: peerTake).score), sounds))
      #expect(worst < tolerance)
      let worstOfFile = try #require(deviation(Sound.all(of: score), sounds))
      #expect(worstOfFile < 25 * tolerance)
      // No event is missing, including pedals.
      #expect(
        Performance(recorded.score).events.map(\.message).count == Performance(score).events.map(\.message).count)
    }

    @Test func tokensAreThoseOfTheTake() async throws {
      let source = try file(music(notes: 200, spacing: 40))
      let take = temporaryPath("mid")
      let observer = try await Peer("observer")
      let recording = try Subprocess([aurl, "record", "-o", take, "--from", "14:0", "--until-silence", "1", "--tokens"])
      #expect(try await eventually { await !observer.listeners(of: .midiThrough).isEmpty })
      #expect(try await Subprocess(["aplaymidi", "-p", "14:0", source]).exitStatus(within: 60) == 0)
      #expect(try await recording.exitStatus() == 0)
      let live = recording.output.split(separator: "\n").compactMap { UInt16($0).flatMap(Token.init(rawValue:)) }
      #expect(live.count > 600)
      let isSame = try live == TokenEncoder().encode(MIDIFile(path: take).score)
      #expect(isSame)
    }

    @Test func tokensComeWhileMusicIsPlayed() async throws {
      let peer = try await Peer()
      let recording = try Subprocess([aurl, "record", "-o", temporaryPath("mid"), "--tokens"])
      _ = try await peer.meetAurl(.output)
      try await peer.send([.noteOn(60)])
      #expect(try await eventually(within: 50 * tolerance) { recording.output == "771\n60\n" })
      recording.send(SIGINT)
      #expect(try await recording.exitStatus() == 0)
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
    func losesNothingWhenItIsEnded(by signal: Int32) async throws {
      let peer = try await Peer()
      let take = temporaryPath("mid")
      let recording = try Subprocess([aurl, "record", "-o", take])
      _ = try await peer.meetAurl(.output)
      let pitches = (0..<50).map { 40 + $0 }
      try await peer.send(pitches.flatMap { [.noteOn($0), .noteOff($0)] } + [.noteOn(100)], gap: 0.001)
      #expect(try await eventually(within: 1) { unfinished(take)?.noteCount == 51 }, "notes are not saved at once")
      // The last key is still held.
      try await rest(.milliseconds(20))
      recording.send(signal)
      let saved = signal == SIGKILL ? TakeFile.partialPath(of: take) : take
      #expect(try await recording.exitStatus() == (signal == SIGKILL ? -SIGKILL : 0))
      let recorded = try MIDIFile(path: saved)
      #expect(recorded.score.tracks.flatMap(\.notes).map { Int($0.pitch.rawValue) } == pitches + [100])
      if signal != SIGKILL {
        #expect(recorded.repairs == [])
        #expect(access(TakeFile.partialPath(of: take), F_OK) != 0)
        // The held note ends with the take, not at its onset.
        #expect(recorded.score.tracks.flatMap(\.notes).last.map { $0.end > $0.onset } == true)
      }
      #expect(try await peer.aurlIsGone())
    }

    @Test func endsTheNoteOfAPeerThatIsKilled() async throws {
      let take = temporaryPath("mid")
      let recording = try Subprocess([aurl, "record", "-o", take])
      #expect(try await portsEventually { $0.contains { $0.clientName == "aurl" } })
      var score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track()])
      score.tracks[0].notes = [
        Note(onset: .zero, end: Tick(rawValue: 480 * 100), pitch: Pitch(masking: 60), velocity: Velocity(masking: 90))
      ]
      score.tracks[0].end = Tick(rawValue: 480 * 100)
      let playing = try Subprocess(["aplaymidi", "-p", "aurl", try file(score)])
      #expect(try await eventually { unfinished(take)?.noteCount == 1 })
      // The note is held.
      try await rest(.milliseconds(500))
      playing.send(SIGKILL)
      _ = try await playing.exitStatus()
      // The take continues, so that its end is not the end of the note.
      try await rest(.seconds(1))
      recording.send(SIGINT)
      #expect(try await recording.exitStatus() == 0)
      let sounds = Sound.all(of: try MIDIFile(path: take).score)
      #expect(sounds.count == 1)
      #expect(sounds.allSatisfy { $0.end > 0.2 && $0.end < 1.2 })
    }

    @Test func finishesAfterTheSecondsItWasGiven() async throws {
      let take = temporaryPath("mid")
      let recording = try Subprocess([aurl, "record", "-o", take, "--seconds", "0.5"])
      #expect(try await recording.exitStatus() == 0)
      #expect(try MIDIFile(path: take).score.noteCount == 0)
    }

    @Test func findsAPortThatComesBack() async throws {
      let take = temporaryPath("mid")
      var peer: Peer? = try await Peer("Keyboard")
      let recording = try Subprocess([aurl, "record", "-o", take, "--from", "keyb"])
      #expect(try await eventually { await peer?.isHeard == true }, "\(recording.errors)")
      try await peer?.send([.noteOn(60), .noteOff(60)], gap: 0.01)
      peer = nil
      #expect(try await portsEventually { !$0.contains { $0.clientName == "Keyboard" } })
      peer = try await Peer("Keyboard")
      #expect(try await eventually { recording.errors.contains("is back") })
      try await peer?.send([.noteOn(62), .noteOff(62)], gap: 0.01)
      recording.send(SIGINT)
      #expect(try await recording.exitStatus() == 0)
      #expect(Sound.all(of: try MIDIFile(path: take).score).map(\.pitch.rawValue) == [60, 62])
    }

    @Test(.enabled(if: hasVirtualDevices)) func takesBytesOfARawDevice() async throws {
      let take = temporaryPath("mid")
      let observer = try await Peer("observer")
      let ports = try await observer.client.ports()
      let device = try #require(ports.first { $0.name.contains("VirMIDI 0-0") }).address
      let recording = try Subprocess([aurl, "record", "-o", take, "--from", "VirMIDI 0-0"])
      #expect(try await eventually { await !observer.listeners(of: device).isEmpty }, "\(recording.errors)")
      let dump = (0..<1000).map { String($0 % 128, radix: 16) }.joined(separator: " ")
      let sending = try Subprocess(["amidi", "-p", "hw:0,0", "-S", "90 3c 40 3c 00 f0 \(dump) f7 b0 07 64"])
      #expect(try await sending.exitStatus() == 0)
      // The last message is a controller.
      #expect(try await eventually { unfinished(take)?.tracks.first?.controls.isEmpty == false })
      recording.send(SIGINT)
      #expect(try await recording.exitStatus() == 0)
      let track = try #require(MIDIFile(path: take).score.tracks.first)
      #expect(track.notes.map(\.pitch.rawValue) == [60])
      #expect(track.systemExclusives.map(\.bytes) == [(0..<1000).map { UInt8($0 % 128) }])
      #expect(track.controls.map(\.message) == [.controller(.volume, 100)])
    }
  }
}

/// What has been saved of a take so far.
private func unfinished(_ take: String) -> Score? { try? MIDIFile(path: TakeFile.partialPath(of: take)).score }
