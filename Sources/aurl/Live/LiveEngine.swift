import Improvisation
import MIDIPorts
import MusicCore

/// What thinks in a live session: it takes what arrived in order, plays it to the duet, and gives the cues to the stage.
actor LiveEngine {
  private let session: DuetSession
  private let stage: PortStage
  private let client: SequencerClient
  private let display: LiveDisplay
  private let controls: LiveControls
  /// The last input that the duet knows of.
  private var known = 0

  init(
    _ session: sending DuetSession, _ stage: PortStage, _ client: SequencerClient, _ display: LiveDisplay,
    _ controls: LiveControls
  ) {
    (self.session, self.stage, self.client) = (session, stage, client)
    (self.display, self.controls) = (display, controls)
  }

  /// Plays until the stage ends it.
  func run() async {
    let driver = session.driver
    driver.onCue = { [unowned self] cue in
      assumeIsolated { engine in engine.stage.add(cue, knowing: engine.known) }
    }
    driver.onWork = { [unowned self] work in
      // What is planned goes out before more is thought of.
      assumeIsolated { $0.settle() }
      if work() { assumeIsolated { $0.noteThinking() } }
    }
    session.onPlayed { [display] in display.receive($1, from: $0, at: $2) }
    for await _ in stage.bell where proceed() { break }
    stage.finish()
  }

  /// Does what is to be done by now; true where the session is over.
  private func proceed() -> Bool {
    let (inputs, isEnding) = stage.takeInputs()
    let duet = session.duet
    for input in inputs {
      known = input.number
      session.receive(input.event, at: stage.tick(at: input.time))
      settle()
    }
    if isEnding { session.receive(.stop, at: stage.tick(at: stage.now)) }
    session.driver.pass(to: stage.tick(at: stage.now))
    settle()
    display.show(duet.plan, session.status(controls.description))
    return isEnding
  }

  /// Notes how long thinking took, since what it followed from was known.
  private func noteThinking() {
    let duet = session.duet
    duet.note(thinking: (stage.now - stage.timeKnown(of: duet.time)).rawValue * 1000)
  }

  private func settle() {
    stage.settle(session.duet, client)
  }

  /// Saves what was played of late, and says where.
  func saveRecent() { session.log.saveRecent(note: display.note) }

  /// Writes what is kept of the session.
  func finish() throws {
    try session.finish(stage.report(tokensPerSecond: session.duet.settings.tokensPerSecond))
  }
}
