package import MusicCore

/// Drives a duet: time advances from deadline to deadline, everything to be generated at one deadline is generated
/// before the next, and cues go out in order.
///
/// Live and simulated sessions are driven alike. Input that comes during generation waits and keeps the time of its
/// arrival, so a session can be replayed from its recording with the same notes.
package final class DuetDriver {
  /// An input of the duet.
  package enum Event: Hashable, Sendable {
    case message(ChannelMessage)
    case signal(Handover)
    /// The pulse from now on; nil if it is no longer known.
    case pulse(Pulse?)
    /// An adjustment of how the machine plays.
    case adjustment(Adjustment)
    /// Play nothing until `goOn`: on request, or because the output is gone.
    case stop
    case goOn
  }

  package let duet: Duet
  /// Called around all work that follows an event or a deadline; the argument does the work and returns whether
  /// anything was generated.
  package var onWork: (() -> Bool) -> Void = { _ = $0() }
  package var onCue: (Cue) -> Void = { _ in }
  /// The kind and time of the latest event.
  private var latest: (isMessage: Bool, tick: Tick)?

  package init(_ duet: Duet) { self.duet = duet }

  /// Receives an event, after doing everything that is due before it.
  ///
  /// - Returns: the time at which the event takes effect: `tick`, or the time of the duet if that is later.
  @discardableResult
  package func receive(_ event: Event, at tick: Tick) -> Tick {
    var tick = max(tick, duet.time)
    let isMessage = if case .message = event { true } else { false }
    // A recording keeps the order of messages, but not the order of messages and signals within a tick.
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

  /// Advances time to `tick`.
  package func run(to tick: Tick) {
    pass(to: tick)
    work { duet.advance(to: tick) }
  }

  /// Does what is due until `tick`, and stops at the last deadline.
  package func pass(to tick: Tick) {
    while let deadline = duet.nextDeadline, deadline <= tick {
      work { duet.advance(to: deadline) }
    }
  }

  /// Advances time until the machine has answered and is silent, or `limit` is reached.
  package func finish(limit: Tick) {
    // A pause, if nothing else, starts an answer.
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
