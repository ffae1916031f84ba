package import MusicCore

/// A stage with a simulated clock: time passes as fast as the machine generates, and everything is played exactly when
/// it is due.
package final class SimulatedStage {
  package let driver: DuetDriver
  package var duet: Duet { driver.duet }
  /// The messages that the machine played, by rising tick.
  package private(set) var played: [(message: ChannelMessage, tick: Tick)] = []

  package init(_ duet: Duet) {
    driver = DuetDriver(duet)
    driver.onCue = { [unowned self] in perform($0) }
  }

  /// Receives an event of the human, after doing everything that is due before it.
  package func receive(_ event: DuetDriver.Event, at tick: Tick) { driver.receive(event, at: tick) }

  package func run(to tick: Tick) { driver.run(to: tick) }

  package func finish(limit: Tick) { driver.finish(limit: limit) }

  private func perform(_ cue: Cue) {
    switch cue {
    case .play(let message, let tick):
      played.insert((message, tick), at: played.lastIndex { $0.tick <= tick }.map { $0 + 1 } ?? 0)
    case .cancel(let tick): played.removeAll { $0.tick > tick }
    case .silence: break
    }
  }
}
