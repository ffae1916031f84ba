package import MusicCore

/// Drives a duet: time advances from deadline to deadline, everything that is to be generated at one is generated
/// before the next, and cues go out in order.
///
/// Sessions with and without a clock are driven alike. While something is generated, input waits, and
/// keeps the time at which it came: so a session can be replayed from its recording, with the same notes.
package final class DuetDriver {
  /// What comes from outside.
  package enum Event: Hashable, Sendable {
    case message(ChannelMessage)
    case signal(Handover)
    /// Where the beats are from now on; nil where that is not known any more.
    case pulse(Pulse?)
    /// An adjustment of how the machine plays.
    case adjustment(Adjustment)
    /// Nothing is to be played until `goOn`: someone wants silence, or there is nothing to play on.
    case stop
    case goOn
  }

  package let duet: Duet
  /// Called around all work that follows an event or a deadline; its argument does the work, and returns whether something was generated.
  package var onWork: (() -> Bool) -> Void = { _ = $0() }
  package var onCue: (Cue) -> Void = { _ in }
  /// What came last, and when.
  private var latest: (isMessage: Bool, tick: Tick)?

  package init(_ duet: Duet) { self.duet = duet }

  /// Something happens; everything that is due before is done first.
  ///
  /// - Returns: when it counts as having happened: the time of the duet, where that is later.
  @discardableResult
  package func receive(_ event: Event, at tick: Tick) -> Tick {
    var tick = max(tick, duet.time)
    let isMessage = if case .message = event { true } else { false }
    // A recording keeps the order of messages, but not that of messages and signals of one tick.
    if let latest, latest.isMessage != isMessage, latest.tick >= tick { tick = latest.tick + Tick(rawValue: 1) }
    latest = (isMessage, tick)
    run(to: tick)
    work {
      switch event {
      case .message(let message): duet.receive(message, at: tick)
      case .signal(let handover): duet.receive(handover, at: tick)
      case .pulse(let pulse): duet.receive(pulse, at: tick)
      case .adjustment(let adjustment): duet.receive(adjustment, at: tick)
      case .stop: duet.stop(at: tick)
      case .goOn: duet.goOn(at: tick)
      }
    }
    return tick
  }

  /// Lets time pass.
  package func run(to tick: Tick) {
    pass(to: tick)
    work { duet.advance(to: tick) }
  }

  /// Does what is due until `tick`, and leaves time where the last of it was.
  package func pass(to tick: Tick) {
    while let deadline = duet.nextDeadline, deadline <= tick {
      work { duet.advance(to: deadline) }
    }
  }

  /// Lets time pass until the machine has answered and is silent, or `limit` is reached.
  package func finish(limit: Tick) {
    // An answer follows a pause at the latest.
    while duet.time < limit, !duet.isQuiet || duet.taking.nextDeadline != nil {
      guard let deadline = duet.nextDeadline else { return }
      run(to: min(deadline, limit))
    }
  }

  private func work(_ body: () -> Void) {
    onWork {
      body()
      guard duet.musician.isThinking else { return false }
      while duet.think() {}
      return true
    }
    for cue in duet.takeCues() { onCue(cue) }
  }
}
