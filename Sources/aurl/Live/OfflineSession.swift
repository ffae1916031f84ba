import Improvisation
import MusicCore
import Terminal

/// The work of `live --offline`: a duet with a file on a simulated clock.
struct OfflineSession {
  let options: Live

  init(_ options: Live) { self.options = options }

  func run() throws(Failure) {
    let part = try PlayerPart(path: options.player ?? "-", options.turns.handover)
    let inputs = InputFiles([options.player ?? "-", try options.model.path()])
    for output in [options.record, options.report] { try inputs.check(output) }
    let session = try DuetSession(options, pace: part.pace ?? DuetSettings.standardPace)
    let (driver, duet) = (session.driver, session.duet)
    driver.onThinking = { think in
      let start = ContinuousClock.now
      think()
      duet.note(thinking: (ContinuousClock.now - start) / .milliseconds(1))
    }
    for phrase in options.phrases.map(part.phrases) ?? [PlayerPart.Phrase(events: part.events)] {
      // The next phrase begins when the answer to the last one is over.
      let start = duet.turns.isEmpty && duet.time == .zero ? Tick.zero : duet.time + Tick(ofSession: 0.5)
      for (event, tick) in phrase.events { session.receive(event, at: start + tick) }
      driver.finish(limit: duet.time + Tick(ofSession: 60))
    }
    try session.finish()
  }
}
