import Improvisation
import MusicCore
import Terminal

/// The work of `live --offline`: a duet with a file on a simulated clock.
struct OfflineSession {
  let options: Live

  init(_ options: Live) { self.options = options }

  func run() throws(Failure) {
    let part = try PlayerPart(path: options.player ?? "-", options.turns.handover, beats: options.pieceBeats)
    let inputs = InputFiles([options.player ?? "-", try options.model.path()])
    try options.checkResults(inputs)
    let session = try DuetSession(options, pace: part.pace ?? DuetSettings.standardPace)
    let (driver, duet) = (session.driver, session.duet)
    driver.onWork = { work in
      let (start, used) = (ContinuousClock.now, ProcessorTime.now)
      if work() {
        duet.note(thinking: (ContinuousClock.now - start) / .milliseconds(1), at: duet.time)
      } else {
        session.listening += ProcessorTime.now - used
      }
    }
    if let pulse = part.pulse { session.receive(.pulse(pulse), at: .zero) }
    for phrase in part.phrases(options) {
      let start = duet.time == .zero ? .zero : part.nextStart(after: duet.time, options.beat)
      for (event, tick) in phrase.events { session.receive(event, at: start + tick) }
      driver.finish(limit: duet.time + Tick(ofSession: longestWait(part)))
    }
    try session.finish()
  }

  /// The longest time in seconds that the player waits for an answer and its end.
  private func longestWait(_ part: PlayerPart) -> Double {
    var length = max(options.turns.patience ?? 20, 3 * (part.barLength ?? 0))
    if case .seconds(let seconds) = options.turns.answer.meaning { length = max(length, seconds) }
    return 60 + 1.25 * length
  }
}
