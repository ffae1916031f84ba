import Improvisation
import MusicCore
import Terminal

/// The work of `live --offline`: a duet with a file on a simulated clock.
struct OfflineSession {
  let options: Live

  init(_ options: Live) { self.options = options }

  func run() throws(Failure) {
    let part = try PlayerPart(path: options.player ?? "-", options.turns.handover, beats: beats)
    let inputs = InputFiles([options.player ?? "-", try options.model.path()])
    try options.checkResults(inputs)
    let session = try DuetSession(options, pace: part.pace ?? DuetSettings.standardPace)
    let (driver, duet) = (session.driver, session.duet)
    driver.onWork = { work in
      let start = ContinuousClock.now
      if work() { duet.note(thinking: (ContinuousClock.now - start) / .milliseconds(1)) }
    }
    if let pulse = part.pulse { session.receive(.pulse(pulse), at: .zero) }
    for phrase in phrases(of: part) {
      let start = part.pulse == nil ? startOfPhrase(duet) : startOfBars(duet, part)
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

  /// How the music of a piece is played: in one tempo if bars are traded. A recorded session contains its own pulse.
  private var beats: PlayerPart.Beats? {
    guard options.mode == .trade else { return nil }
    return PlayerPart.Beats(tempo: options.beat.bpm, bars: options.beat.bars, meter: options.beat.meter.meaning)
  }

  private func phrases(of part: PlayerPart) -> [PlayerPart.Phrase] {
    if let length = part.barLength { return part.phrases(cut: length) }
    return options.phrases.map { part.phrases(of: $0) } ?? [PlayerPart.Phrase(events: part.events)]
  }

  /// The start of the next phrase, when the answer to the previous one is over.
  private func startOfPhrase(_ duet: Duet) -> Tick {
    duet.turns.isEmpty && duet.time == .zero ? .zero : duet.time + Tick(ofSession: 0.5)
  }

  /// The start of the next bars, when those of the machine are over.
  private func startOfBars(_ duet: Duet, _ part: PlayerPart) -> Tick {
    guard let pulse = part.pulse, duet.time > .zero else { return .zero }
    return pulse.next(2 * Double(options.beat.bars) * options.beat.meter.meaning.quartersPerBar, from: duet.time)
  }
}
