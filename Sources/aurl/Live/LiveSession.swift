import Improvisation
import Inference
import MIDIPorts
import MusicCore
import Synchronization
import Synthesis
import Terminal

/// The work of `live` in real time, at MIDI ports or with a file and a synthesizer in this program: from the opened output
/// to the report.
struct LiveSession {
  let options: Live

  func run() async throws {
    // Check everything that may be missing before anything sounds.
    let model = try options.model.load()
    let inputs = InputFiles([try options.model.path()] + (options.player.map { [$0] } ?? []))
    try options.checkResults(inputs)
    let synthesizer = options.ports.synth ? try options.sound.synthesizer() : nil
    if let path = options.player, let synthesizer {
      let part = try PlayerPart(path: path, options.turns.handover, beats: options.pieceBeats)
      let session = try DuetSession(options, model, pace: part.pace ?? Pace.measure(model))
      try session.log.beginTake()
      return try await play(session, part, on: synthesizer)
    }
    let session = try DuetSession(options, model, pace: Pace.measure(model))
    do {
      let ports = try await LivePorts(options.ports, synthesizer)
      try session.log.beginTake()
      let stage = await LiveStage(ports.client, at: (ports.input, ports.output), options)
      await ports.client.measureScheduledErrors()
      await ports.client.onArrival { client, arrival in stage.receive(arrival, client) }
      await ports.client.reportTime(every: ports.client.interval)
      try await play(session, stage, on: ports.client, ports)
    } catch let error as PortError { throw Failure(error) }
  }

  /// Plays with a file.
  private func play(
    _ session: sending DuetSession, _ part: PlayerPart, on synthesizer: LiveSynthesizer
  ) async throws {
    let output = SynthesizerOutput(synthesizer)
    let isHeard = options.ports.thru
    let address = PortAddress(client: 0, port: 0)
    let player = FilePlayer(part, options)
    let stage = await LiveStage(output, at: (nil, address), options, player: player) { message in
      if isHeard { synthesizer.send(message) }
    }
    if let pulse = part.pulse { stage.add(.pulse(pulse)) }
    await output.onTime { output, time in stage.pass(to: time, output) }
    try await play(session, stage, on: output)
  }

  /// - Parameter ports: the ports, whose changes are followed; nil for none.
  private func play(
    _ session: sending DuetSession, _ stage: LiveStage, on output: any StageOutput, _ ports: LivePorts? = nil
  ) async throws {
    let display = LiveDisplay(options.messages.isQuiet ? LiveDisplay.Kind.none : options.display)
    Interruption.handleByDispatch { stage.end() }
    stage.beginBeats()
    let program = options.playing.machineProgram.map {
      MIDIMessage.control(options.playing.machineChannel, .program($0))
    }
    let (saving, save) = AsyncStream<Void>.makeStream()
    let controls = LiveControls(options, stage) { save.yield() }
    let engine = LiveEngine(session, stage, output, display, controls)
    let reader = Mutex(LiveCommand.Reader())
    let keys = KeyInput { key in
      if let command = reader.withLock({ $0.command(key) }) { controls.perform(command) }
    }
    if keys != nil, !options.messages.isQuiet { Message.note(LiveCommand.help) }
    let saves = Task { for await _ in saving { await engine.saveRecent() } }
    display.start { stage.tick(at: stage.now) }
    let following = Task {
      var ports = ports
      if let program { _ = try? await output.send(program, from: stage.output) }
      for await news in stage.news {
        guard case .change(let change) = news else {
          if case .note(let text) = news { display.note(text) }
          if case .command(let command) = news { controls.perform(command) }
          continue
        }
        display.interrupt()
        switch await ports?.follow(change) {
        case .lost?: stage.hold(.output)
        case .found?:
          if let program { _ = try? await output.send(program, from: stage.output) }
          stage.resume(.output)
        case nil: break
        }
      }
    }
    await engine.run()
    keys?.end()
    await following.value
    save.finish()
    await saves.value
    await output.endTime()
    // Send the engine's last cues, and then end all sound.
    await stage.perform(output)
    let stuck = await output.soundingCount(on: stage.output)
    await output.release(stage.output)
    if let ending = stage.ending { _ = try? await output.send(ending, from: stage.output) }
    display.end()
    try await engine.finish(await output.scheduledErrors, stuck: stuck)
  }
}
