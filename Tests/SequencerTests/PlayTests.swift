import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing
import Testing

extension SequencerTests {
  @Suite struct PlayTests {
    @Test func isCapturedByArecordmidiAndAseqdump() async throws {
      let score = music(notes: 300)
      let take = temporaryPath("mid")
      let observer = try await Peer("observer")
      let recording = try Subprocess(["arecordmidi", "-p", "14:0", "-t", "1000", take])
      let dumping = try Subprocess(["aseqdump", "-p", "14:0"])
      #expect(try await eventually { await observer.listeners(of: .midiThrough).count == 2 })
      let playing = try Subprocess([aurl, "play", try file(score), "--to", "14:0"])
      #expect(try await playing.exitStatus(within: 60) == 0)
      let listeners = await observer.listeners(of: .midiThrough)
      #expect(try await eventually { haveReadEverything(listeners) })
      recording.send(SIGINT)
      dumping.send(SIGINT)
      #expect(try await recording.exitStatus() == 0)
      _ = try await dumping.exitStatus()

      let recorded = try MIDIFile(path: take).score
      let worst = try #require(deviation(Sound.all(of: score), Sound.all(of: recorded)))
      #expect(worst < tolerance)
      let pitches = dumping.output.split(separator: "\n").filter { $0.contains("Note on") }.compactMap { line in
        line.split(whereSeparator: { " ,".contains($0) }).drop { $0 != "note" }.dropFirst().first.flatMap { Int($0) }
      }
      let inOrder = pitches == Performance(score).events.compactMap { $0.message.onset.map { Int($0.rawValue) } }
      #expect(inOrder)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func leavesNothingSounding(after signal: Int32) async throws {
      let peer = try await Peer()
      var score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track()])
      let chord = [60, 64, 67, 72]
      score.tracks[0].notes = (0..<40).flatMap { bar in
        chord.map {
          Note(
            onset: Tick(rawValue: bar * 480), end: Tick(rawValue: bar * 480 + 470), pitch: Pitch(masking: UInt8($0)),
            velocity: Velocity(masking: 90))
        }
      }
      score.tracks[0].controls = [
        ControlEvent(tick: .zero, channel: Channel(status: 0), message: .controller(.sustain, 127))
      ]
      let playing = try Subprocess([aurl, "play", try file(score), "--port"])
      let source = try await peer.meetAurl(.input)
      #expect(source != nil)
      #expect(try await eventually { await peer.messages.count > 10 })
      // In the middle of a chord.
      try await rest(.milliseconds(130))
      let before = await peer.client.now
      playing.send(signal)
      #expect(try await playing.exitStatus() == -signal)
      #expect(try await peer.aurlIsGone())
      let messages = await peer.messages
      var sounding = SoundingNotes()
      for event in messages where event.time < before { sounding.apply(event.message) }
      #expect(sounding.hasKeysDown)
      for event in messages where event.time >= before { sounding.apply(event.message) }
      #expect(sounding.isEmpty)
      let last = try #require(messages.last)
      #expect(last.message == .controller(.allSoundOff, 0))
      #expect((last.time - before).rawValue < 25 * tolerance)
    }

    @Test func endsWhenItsPortVanishes() async throws {
      var peer: Peer? = try await Peer("Doomed")
      let playing = try Subprocess([aurl, "play", try file(music(notes: 1000)), "--to", "Doomed"])
      #expect(try await eventually { await peer?.messages.isEmpty == false })
      peer = nil
      #expect(try await playing.exitStatus(within: 2) == 69)
      #expect(playing.errors.contains("vanished"))
    }

    @Test func anHourHasNoDrift() async throws {
      let peer = try await Peer()
      var score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 96)), tracks: [Track()])
      // A note each quarter second for an hour at the default tempo.
      score.tracks[0].notes = (0..<14_400).map { index in
        Note(
          onset: Tick(rawValue: Int64(index) * 48), end: Tick(rawValue: Int64(index) * 48 + 40),
          pitch: Pitch(masking: UInt8(index % 100)), velocity: Velocity(masking: 80))
      }
      score.tracks[0].end = Tick(rawValue: 14_400 * 48)
      let playing = try Subprocess([aurl, "play", try file(score), "--port", "--speed", "120"])
      _ = try await peer.meetAurl(.input)
      #expect(try await playing.exitStatus(within: 120) == 0)
      let lost = await peer.lostCount
      #expect(lost == 0)
      let onsets = await peer.messages.filter { $0.message.onset != nil }
      let isComplete = onsets.map { $0.message.onset?.rawValue } == (0..<14_400).map { UInt8($0 % 100) }
      #expect(isComplete)
      let start = try #require(onsets.first).time
      let worst =
        onsets.enumerated().map { index, event in
          abs((event.time - start).rawValue - Double(index) * 0.25 / 120)
        }.max() ?? 1
      #expect(worst < tolerance)
    }

    @Test func loopsFromWhereItIsTold() async throws {
      let peer = try await Peer()
      var score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track()])
      score.tracks[0].notes = (0..<4).map {
        Note(
          onset: Tick(rawValue: $0 * 480), end: Tick(rawValue: $0 * 480 + 400), pitch: Pitch(masking: UInt8(60 + $0)),
          velocity: Velocity(masking: 90))
      }
      score.tracks[0].controls = [
        ControlEvent(tick: .zero, channel: Channel(status: 0), message: .program(Program(masking: 5)))
      ]
      score.tracks[0].end = Tick(rawValue: 4 * 480)
      let playing = try Subprocess([
        aurl, "play", try file(score), "--port", "--repeat", "--start", "0:01", "--speed", "2",
      ])
      _ = try await peer.meetAurl(.input)
      #expect(try await eventually { await peer.messages.filter { $0.message.onset != nil }.count >= 6 })
      playing.send(SIGINT)
      #expect(try await playing.exitStatus() == -SIGINT)
      let messages = await peer.messages
      #expect(messages.first?.message == .control(Channel(status: 0), .program(Program(masking: 5))))
      let onsets = messages.filter { $0.message.onset != nil }.prefix(6)
      #expect(onsets.map { $0.message.onset?.rawValue } == [62, 63, 62, 63, 62, 63])
      for (index, event) in onsets.enumerated() {
        #expect(abs((event.time - onsets[0].time).rawValue - Double(index) * 0.25) < tolerance)
      }
    }

    @Test(.enabled(if: hasVirtualDevices)) func sendsBytesToARawDevice() async throws {
      let received = temporaryPath("raw")
      let receiving = try Subprocess(["amidi", "-p", "hw:0,1", "-r", received])
      // The kernel names the process that has opened the device.
      #expect(try await eventually { contents(of: "/proc/asound/card0/midi1").contains("Owner PID") })
      var score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track()])
      let data = (0..<3000).map { UInt8($0 % 128) }
      score.tracks[0].systemExclusives = [SystemExclusive(tick: .zero, bytes: data)]
      score.tracks[0].notes = [
        Note(
          onset: Tick(rawValue: 10), end: Tick(rawValue: 20), pitch: Pitch(masking: 60),
          velocity: Velocity(masking: 64))
      ]
      #expect(try await Subprocess([aurl, "play", try file(score), "--to", "VirMIDI 0-1"]).exitStatus() == 0)
      let expected: [UInt8] = [0xF0] + data + [0xF7, 0x90, 60, 64]
      #expect(try await eventually { try bytes(of: received).count >= expected.count })
      receiving.send(SIGINT)
      _ = try await receiving.exitStatus()
      let isWhole = try bytes(of: received).starts(with: expected)
      #expect(isWhole)
    }
  }
}

func bytes(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
  return bytes
}
