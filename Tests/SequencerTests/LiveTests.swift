import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing
import TestSupport
import Testing

/// The model that ships, where the tests run in the checkout.
private let shippedModel = "models/aurl-small.safetensors"

/// A session of `aurl live`, a keyboard that plays to it, and an instrument that it plays on.
private final class Session {
  private(set) var keyboard: Peer
  private(set) var instrument: Peer?
  let program: Subprocess
  let take = temporaryPath("mid")
  let report = temporaryPath("json")
  let model = temporaryPath("safetensors")
  let options: [String]

  /// - Parameters:
  ///   - named: Whether the program finds the ports by name, and not the peers the program's.
  ///   - shipped: Whether it plays with the model that ships, and not with one of random numbers.
  init(_ options: [String] = [], named: Bool = false, shipped: Bool = false) async throws {
    if !shipped { try SyntheticModel().write(to: model) }
    (keyboard, instrument) = (try await Peer("Keyboard"), try await Peer("Instrument"))
    self.options = ["--seed", "3", "--model", shipped ? shippedModel : model] + options
    let ports = named ? ["--from", "keyb", "--to", "instr"] : []
    program = try Subprocess([aurl, "live", "--record", take, "--report", report] + self.options + ports)
    if named {
      #expect(try await peerlessly { $0.contains { $0.clientName == "aurl" && $0.name == "output" } })
    } else {
      try await connect(keyboard, "input", .output)
      if let instrument { try await connect(instrument, "output", .input) }
    }
    // The ports are there before the session is, and a model is tried.
    try await Task.sleep(for: .milliseconds(400))
  }

  deinit { for path in [take, report, model, TakeFile.partialPath(of: take)] { unlink(path) } }

  private func connect(_ peer: Peer, _ name: String, _ direction: PortDirection) async throws {
    var address: PortAddress?
    #expect(
      try await eventually {
        address = try await peer.client.ports().first { $0.clientName == "aurl" && $0.name == name }?.address
        return address != nil
      }, "no port \(name): \(program.errors)")
    if let address { try await peer.client.connect(peer.port, direction, address) }
  }

  func removeInstrument() { instrument = nil }
  func replaceKeyboard() async throws { keyboard = try await Peer("Keyboard") }
  func bringInstrument() async throws { instrument = try await Peer("Instrument") }

  /// Plays a call, a note every `gap` seconds.
  func call(notes: Int = 8, gap: Double = 0.15) async throws {
    let pitches = (0..<notes).map { 60 + [0, 4, 7, 5, 9, 2, 11, 12][$0 % 8] }
    try await keyboard.send(pitches.flatMap { [.noteOn($0), .noteOff($0)] }, gap: gap / 2)
  }

  /// The model's messages so far.
  var answer: [Performance.Event] { get async { await instrument?.messages ?? [] } }

  func waitForAnswer(notes: Int = 1, after count: Int = 0) async throws -> Bool {
    try await eventually { await self.answer.dropFirst(count).filter { $0.message.onset != nil }.count >= notes }
  }

  /// Ends the session and returns its exit status.
  func end(_ signal: Int32 = SIGINT) async throws -> Int32? {
    program.send(signal)
    let status = try await program.exitStatus()
    try await Task.sleep(for: .milliseconds(100))
    return status
  }

  /// The notes that sound at the instrument at the end.
  var hanging: SoundingNotes {
    get async { await answer.reduce(into: SoundingNotes()) { $0.apply($1.message) } }
  }

  /// A number of the report.
  func reported(_ key: String) -> Double? {
    let text = contents(of: report)
    guard let start = text.firstRange(of: "\"\(key)\":")?.upperBound else { return nil }
    return Double(text[start...].prefix { "-.0123456789".contains($0) })
  }
}

extension SequencerTests {
  /// `aurl live` with a model of random numbers.
  @Suite struct LiveTests {
    /// A call is answered; what was recorded is what sounded, and is played again from the recording to the same bytes.
    @Test func answersAndIsPlayedAgain() async throws {
      let session = try await Session(["--answer", "3"])
      try await session.call()
      #expect(try await session.waitForAnswer(notes: 3))
      // In the middle of an answer, and once more.
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
      let again = temporaryPath("mid")
      defer { unlink(again) }
      let replay = try Subprocess(
        [aurl, "live", "--offline", "--player", session.take, "--record", again] + session.options)
      #expect(try await replay.exitStatus() == 0, "\(replay.errors)")
      #expect(try bytes(of: again) == bytes(of: session.take))
      #expect(session.reported("droppedNotes") == 0)
      #expect(session.reported("lost") == 0)
    }

    /// When the player comes in, no note starts more than 15 ms later, and all notes end.
    @Test func yieldsAtOnce() async throws {
      let session = try await Session(["--answer", "6"])
      for round in 0..<6 {
        let count = await session.answer.count
        try await session.call(notes: 6, gap: 0.1)
        #expect(try await session.waitForAnswer(notes: 2, after: count))
        try await Task.sleep(for: .milliseconds(37 * round))
        let (instrument, keyboard) = (try #require(session.instrument), session.keyboard)
        // The clocks of two clients differ by when they were made.
        let difference = await instrument.client.now.rawValue - keyboard.client.now.rawValue
        let entrance = await keyboard.client.now.rawValue + 0.02
        try await keyboard.client.schedule(.noteOn(72), from: keyboard.port, at: Seconds(entrance))
        try await keyboard.client.schedule(.noteOff(72), from: keyboard.port, at: Seconds(entrance + 0.3))
        try await keyboard.client.flush()
        try await Task.sleep(for: .milliseconds(700))
        let late = await session.answer.filter {
          $0.message.onset != nil && $0.time.rawValue - difference > entrance + 0.013 + tolerance
        }
        #expect(late.isEmpty, "round \(round): \(late.map { $0.time.rawValue - difference - entrance })")
        #expect(await session.hanging.isEmpty, "round \(round)")
      }
      #expect(try await session.end() == 0)
    }

    /// However the program ends while it plays, no note hangs, and nothing that was played is lost.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func nothingIsLeftWhenItIsEnded(by signal: Int32) async throws {
      let session = try await Session(["--answer", "10", "--handover", "cc:67"])
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
      // The pedal is the signal, and quick: thinking was done while the call was played.
      #expect(contents(of: session.report).contains("\"handover\":\"cc\""))
      if hasSteadyClock { #expect((session.reported("decisionMs") ?? 0) <= 300) }
    }

    /// An instrument that vanishes silences the model, and is played on when it is back.
    @Test func findsAnInstrumentThatComesBack() async throws {
      let session = try await Session(["--answer", "10"], named: true)
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      session.removeInstrument()
      #expect(try await eventually { session.program.errors.contains("has vanished") })
      try await session.bringInstrument()
      #expect(try await eventually { session.program.errors.contains("is back") })
      try await Task.sleep(for: .milliseconds(100))
      #expect(await session.answer.isEmpty)
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
    }

    /// What a keyboard held that is unplugged ends there, and it is heard again when it is back.
    @Test func findsAKeyboardThatComesBack() async throws {
      let session = try await Session(["--answer", "2"], named: true)
      try await session.keyboard.send([.noteOn(48)])
      try await session.replaceKeyboard()
      #expect(try await eventually { session.program.errors.contains("is back") })
      try await Task.sleep(for: .milliseconds(100))
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 2))
      #expect(try await session.end() == 0)
      let heard = try MIDIFile(path: session.take).score.tracks[0].notes
      try #require(heard.count == 6)
      // The note ended when the keyboard went, and not with the session.
      #expect(heard.first.map { $0.pitch.rawValue == 48 && $0.end < heard[1].onset } ?? false)
    }

    /// The clock of the guest shows a cold start: a model that had to read everything at the hand-over, or the encoder
    /// that ran there, would take it a second and more, and what is done takes a fraction of that.
    @Test(.enabled(if: hasSteadyClock && access(shippedModel, R_OK) == 0))
    func handsOverWhatIsReadAlready() async throws {
      let session = try await Session(["--answer", "2", "--handover", "cc:67"], shipped: true)
      try await Task.sleep(for: .milliseconds(600))
      for _ in 0..<3 {
        let count = await session.answer.count
        try await session.call(notes: 30, gap: 0.1)
        try await Task.sleep(for: .milliseconds(400))
        try await session.keyboard.send([.controller(.soft, 127), .controller(.soft, 0)])
        #expect(try await session.waitForAnswer(notes: 1, after: count))
        try await Task.sleep(for: .milliseconds(3000))
      }
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
      let report = contents(of: session.report)
      let decisions = report.matches(of: /"decisionMs":([0-9.]+)/).compactMap { Double($0.1) }
      #expect(decisions.count == 3 && decisions.allSatisfy { $0 < 400 }, "\(decisions)")
    }

    /// What goes out and comes in again, by a connection that leads back, is not heard: the model does not answer
    /// itself.
    @Test func doesNotAnswerItself() async throws {
      let session = try await Session(["--answer", "2"])
      let through = PortAddress(client: 14, port: 0)
      let ports = try await session.keyboard.client.ports()
      let own = ports.filter { $0.clientName == "aurl" }
      let (input, output) = (try #require(own.first { $0.isOutput }), try #require(own.first { $0.isInput }))
      for (from, to) in [(output.address, through), (through, input.address)] {
        let connection = try Subprocess(["aconnect", "\(from)", "\(to)"])
        #expect(try await connection.exitStatus() == 0, "\(connection.errors)")
      }
      try await session.call(notes: 6)
      #expect(try await session.waitForAnswer(notes: 2))
      try await Task.sleep(for: .seconds(12))
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
