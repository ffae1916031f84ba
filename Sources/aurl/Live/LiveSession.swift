import Improvisation
import Inference
import MIDIPorts
import MusicCore
import Synchronization
import Synthesis
import Terminal

/// The work of `live` at MIDI ports: from the opened ports to the report.
struct LiveSession {
  let options: Live

  func run() async throws {
    // Check everything that may be missing before anything sounds.
    let model = try options.model.load()
    let inputs = InputFiles([try options.model.path()])
    try options.checkResults(inputs)
    let synthesizer = options.ports.synth ? try options.sound.synthesizer() : nil
    let session = try DuetSession(options, model, pace: Pace.measure(model))
    do {
      let ports = try await LivePorts(options.ports, synthesizer)
      try session.log.beginTake()
      try await play(session, at: ports)
    } catch let error as PortError { throw Failure(error) }
  }

  private func play(_ session: sending DuetSession, at ports: LivePorts) async throws {
    let client = ports.client
    let stage = PortStage(ports.input, ports.output, options, from: await client.now)
    let display = LiveDisplay(options.messages.isQuiet ? LiveDisplay.Kind.none : options.display)
    Interruption.handleByDispatch { stage.end() }
    await client.onArrival { client, arrival in stage.receive(arrival, client) }
    await client.reportTime(every: .milliseconds(5))
    stage.beginBeats()
    let program = options.playing.machineProgram.map {
      MIDIMessage.control(options.playing.machineChannel, .program($0))
    }
    let (saving, save) = AsyncStream<Void>.makeStream()
    let controls = LiveControls(options, stage) { save.yield() }
    let engine = LiveEngine(session, stage, client, display, controls)
    let reader = Mutex(LiveCommand.Reader())
    let keys = KeyInput { key in
      if let command = reader.withLock({ $0.command(key) }) { controls.perform(command) }
    }
    if keys != nil, !options.messages.isQuiet { Message.note(LiveCommand.help) }
    let saves = Task { for await _ in saving { await engine.saveRecent() } }
    display.start { stage.tick(at: stage.now) }
    let following = Task {
      var ports = ports
      if let program { _ = try? await client.send(program, from: ports.output) }
      for await news in stage.news {
        guard case .change(let change) = news else {
          if case .note(let text) = news { display.note(text) }
          if case .command(let command) = news { controls.perform(command) }
          continue
        }
        display.interrupt()
        switch await ports.follow(change) {
        case .lost: stage.hold(.output)
        case .found:
          if let program { _ = try? await client.send(program, from: ports.output) }
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
    await client.reportTime(every: nil)
    // Send the engine's last cues, and then end all sound.
    await stage.perform(client)
    await client.release(ports.output)
    if let ending = stage.ending { _ = try? await client.send(ending, from: ports.output) }
    display.end()
    try await engine.finish()
  }
}
