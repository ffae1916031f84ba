import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing
import TestSupport
import Testing

extension SequencerTests {
  /// `aurl live` with a model of random weights.
  @Suite struct LiveTests {
    /// A call is answered; the recording has what sounded, and a session on it reproduces the answers byte for byte.
    @Test func answersReproducibly() async throws {
      let session = try await LiveSession(["--answer", "3"])
      try await session.call()
      #expect(try await session.waitForAnswer(notes: 3))
      // A second call during an answer.
      try await session.call(notes: 5)
      let count = await session.answer.count
      #expect(try await session.waitForAnswer(notes: 2, after: count))
      #expect(try await session.end() == 0, "\(session.program.errors)")
      #expect(await session.hanging.isEmpty)
      let played = await session.answer.compactMap(\.message.onset)
      let recorded = try MIDIFile(path: session.take).score
      #expect(recorded.tracks.map(\.name) == ["you", "aurl"])
      #expect(recorded.tracks[0].notes.count == 13)
      #expect(recorded.tracks[1].notes.sorted { $0.onset < $1.onset }.map(\.pitch).count == played.count)
      #expect(Set(recorded.tracks[1].notes.map(\.pitch)) == Set(played))
      #expect(access(TakeFile.partialPath(of: session.take), F_OK) != 0)
      try await session.expectSameAgain()
      #expect(session.reported("droppedNotes") == 0)
      #expect(session.reported("lost") == 0)
      #expect(session.reported("stuck") == 0 && session.reported("underruns") != nil)
    }

    /// When the player interrupts, no note starts more than 15 ms later, and all notes end.
    @Test(arguments: canTimeShippedModel ? [false, true] : [false])
    func yieldsAtOnce(shipped: Bool) async throws {
      let session = try await LiveSession(["--answer", "6"], shipped: shipped)
      for round in 0..<6 {
        let count = await session.answer.count
        try await session.call(notes: 6, gap: 0.1)
        #expect(try await session.waitForAnswer(notes: 2, after: count))
        // The player comes in elsewhere in each answer.
        try await rest(.milliseconds(37 * round))
        let (instrument, keyboard) = (try #require(session.instrument), session.keyboard)
        let difference = await instrument.isAhead(of: keyboard)
        let entrance = await keyboard.client.now.rawValue + 0.02
        try await keyboard.client.schedule(.noteOn(72), from: keyboard.port, at: Seconds(entrance))
        try await keyboard.client.schedule(.noteOff(72), from: keyboard.port, at: Seconds(entrance + 0.3))
        try await keyboard.client.flush()
        // Long enough for a late note of the model, which must not come, and for the ends of those that sound.
        try await rest(.milliseconds(700))
        let late = await session.answer.filter {
          $0.message.onset != nil && $0.time.rawValue - difference > entrance + 0.013 + tolerance
        }
        #expect(late.isEmpty, "round \(round): \(late.map { $0.time.rawValue - difference - entrance })")
        #expect(await session.hanging.isEmpty, "round \(round)")
      }
      #expect(try await session.end() == 0)
    }

    /// However the program is ended while it plays, no note hangs and nothing that was played is lost.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func noNoteHangsAfterASignal(_ signal: Int32) async throws {
      let session = try await LiveSession(["--answer", "10", "--handover", "cc:67"])
      try await session.call(notes: 4)
      try await session.keyboard.send([.noteOn(40), .controller(.soft, 127), .controller(.soft, 0)])
      #expect(try await session.waitForAnswer(notes: 3))
      let status = try await session.end(signal)
      #expect(status == (signal == SIGKILL ? -SIGKILL : 0), "\(session.program.errors)")
      let saved = signal == SIGKILL ? TakeFile.partialPath(of: session.take) : session.take
      let notes = try MIDIFile(path: saved).score.tracks.flatMap(\.notes)
      #expect(notes.filter { $0.channel == Channel(status: 0) }.count == 5)
      #expect(notes.filter { $0.channel == Channel(status: 1) }.count >= 2)
      guard signal != SIGKILL else { return }
      #expect(await session.hanging.isEmpty)
      // The pedal hands over, and the answer is quick: it was generated while the call was played.
      #expect(contents(of: session.report).contains("\"handover\":\"cc\""))
      if hasSteadyClock { #expect((session.reported("decisionMs") ?? 0) <= 300) }
    }

    /// The model stops when the port of its instrument disappears, and plays on it again when it returns.
    @Test func reconnectsAnInstrument() async throws {
      let session = try await LiveSession(["--answer", "10"], named: true)
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      session.removeInstrument()
      #expect(try await eventually { session.program.errors.contains("has vanished") })
      try await session.bringInstrument()
      #expect(try await eventually { session.program.errors.contains("is back") })
      // What was left of the answer must not be played.
      try await rest(.milliseconds(100))
      #expect(await session.answer.isEmpty)
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
    }

    /// Notes held on a keyboard end when it is unplugged, and its input is received again when it returns.
    @Test func reconnectsAKeyboard() async throws {
      let session = try await LiveSession(["--answer", "2"], named: true)
      try await session.keyboard.send([.noteOn(48)])
      try await session.replaceKeyboard()
      #expect(try await eventually { session.program.errors.contains("is back") })
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      #expect(try await session.end() == 0)
      let heard = try MIDIFile(path: session.take).score.tracks[0].notes
      try #require(heard.count == 6)
      // The note ended when the keyboard vanished, not with the session.
      #expect(heard.first.map { $0.pitch.rawValue == 48 && $0.end < heard[1].onset } ?? false)
    }

    /// In the guest a decision takes 25 to 40 ms, or up to 160 if the key is being estimated when the signal arrives. If
    /// the call were read, or latents computed, only at the hand-over, every decision would take a third of a second or
    /// more.
    @Test(.enabled(if: canTimeShippedModel))
    func readsTheCallBeforeTheHandover() async throws {
      let session = try await LiveSession(["--answer", "2", "--handover", "cc:67"], shipped: true)
      for _ in 0..<4 {
        let count = await session.answer.count
        try await session.call(notes: 30, gap: 0.1)
        // A pause, in which the rest of the call is read, before the pedal.
        try await rest(.milliseconds(400))
        try await session.keyboard.send([.controller(.soft, 127), .controller(.soft, 0)])
        #expect(try await session.waitForAnswer(notes: 1, after: count))
        // The player hears the answer to its end.
        try await rest(.seconds(3))
      }
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
      let decisions = session.decisions.sorted()
      #expect(decisions.count == 4 && decisions[2] <= 60 && decisions[3] <= 200, "\(decisions)")
    }

    /// The model's own messages are ignored when a connection leads them back to the input: it does not answer itself.
    @Test func doesNotAnswerItself() async throws {
      let session = try await LiveSession(["--answer", "2"])
      let through = PortAddress.midiThrough
      let ports = try await session.keyboard.client.ports()
      let own = ports.filter { $0.clientName == "aurl" }
      let (input, output) = (try #require(own.first { $0.isOutput }), try #require(own.first { $0.isInput }))
      for (from, to) in [(output.address, through), (through, input.address)] {
        let connection = try Subprocess(["aconnect", "\(from)", "\(to)"])
        #expect(try await connection.exitStatus() == 0, "\(connection.errors)")
      }
      try await session.call(notes: 6)
      #expect(try await session.waitForAnswer(notes: 2))
      // An answer to the answer would begin within five seconds: when the answer has ended, after at most 2.5 seconds,
      // a pause of one second, and its entry.
      try await rest(.seconds(10))
      #expect(try await session.end() == 0)
      let recorded = try MIDIFile(path: session.take).score
      #expect(recorded.tracks[0].notes.count == 6)
      #expect((session.reported("fedBack") ?? 0) >= 4)
      #expect(contents(of: session.report).matches(of: /"handover"/).count == 1)
    }

    @Test func anUnknownPortIsRefusedBeforeAnythingSounds() async throws {
      let model = temporaryPath("safetensors")
      try SyntheticModel().write(to: model)
      defer { unlink(model) }
      let take = temporaryPath("mid")
      let live = try Subprocess([aurl, "live", "--to", "No such thing", "--model", model, "--record", take])
      #expect(try await live.exitStatus() == 69)
      #expect(live.errors.contains("Midi Through"))
      #expect(access(TakeFile.partialPath(of: take), F_OK) != 0)
    }
  }
}
