import Improvisation
import MIDIPorts
import MusicCore
import Playing

/// The engine of a live session: it passes inputs to the duet in order, generates, and passes cues to the stage.
actor LiveEngine {
  private let session: DuetSession
  private let stage: LiveStage
  private let output: any StageOutput
  private let display: LiveDisplay
  private let controls: LiveControls
  /// The number of the last input passed to the duet.
  private var known = 0

  init(
    _ session: sending DuetSession, _ stage: LiveStage, _ output: any StageOutput, _ display: LiveDisplay,
    _ controls: LiveControls
  ) {
    (self.session, self.stage, self.output) = (session, stage, output)
    (self.display, self.controls) = (display, controls)
  }

  /// Runs until the stage ends the session.
  func run() async {
    let driver = session.driver
    driver.onCue = { [unowned self] cue in
      assumeIsolated { engine in engine.stage.add(cue, knowing: engine.known) }
    }
    driver.onWork = { [unowned self] work in
      // Planned events are sent before more is generated.
      assumeIsolated { $0.settle() }
      let start = ProcessorTime.now
      if work() {
        assumeIsolated { $0.noteThinking() }
      } else {
        assumeIsolated { $0.session.listening += ProcessorTime.now - start }
      }
    }
    session.onPlayed { [display] in display.receive($1, from: $0, at: $2) }
    for await _ in stage.bell where proceed() { break }
    stage.finish()
  }

  /// Does everything that is due; true if the session is over.
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

  /// Records how long generation took, from the arrival of the input that caused it.
  private func noteThinking() {
    let duet = session.duet
    let now = stage.now
    duet.note(thinking: (now - stage.timeKnown(of: duet.time)).milliseconds, at: stage.tick(sentAt: now))
  }

  private func settle() {
    stage.settle(session.duet, knowing: known, output)
  }

  /// Saves the last minute, and reports where.
  func saveRecent() { session.log.saveRecent(note: display.note) }

  /// Writes the recording and the report of the session.
  ///
  /// - Parameter stuck: the number of the model's notes that had not ended at the output.
  func finish(_ scheduledErrors: TimeHistogram?, stuck: Int) throws {
    let late = session.duet.lateDecisions
    try session.finish(stage.report(lateDecisions: late, scheduledErrors: scheduledErrors), stuck: stuck)
  }
}
