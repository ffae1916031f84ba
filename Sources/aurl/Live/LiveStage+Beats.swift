import Improvisation
import MIDIPorts
import MusicCore
import Synchronization

extension LiveStage {
  // MARK: Beats

  /// Updates the clock, and applies the result.
  func clock(_ body: (inout StageClock) -> StageClock.News) {
    let news = state.withLock { state in
      let news = body(&state.beats)
      for event in news.events { state.add(event, at: self.now(state)) }
      return news
    }
    if let rival = news.rival {
      tell.yield(.note("\(rival) sends MIDI clock too; only the first clock is followed"))
    }
    switch news.isRunning {
    case true?: resume(.transport)
    case false?: hold(.transport)
    case nil: break
    }
    if !news.events.isEmpty { ring.yield() }
  }

  /// Starts the program's own tempo, if it does not wait for the first note.
  func beginBeats() {
    let start = (now - origin).rawValue + 0.3
    clock { $0.begin(at: start) }
  }

  func tap() { tap(at: now) }

  func tap(at time: Seconds) { clock { $0.tap(at: self.session(time)) } }

  /// The message that tells other devices that the session has ended.
  var ending: MIDIMessage? { state.withLock { $0.beats.ending } }

  // MARK: Silence

  /// Stops all sound for a reason.
  func hold(_ reason: Hold) {
    let isFirst = state.withLock { state in
      defer { state.holds.insert(reason) }
      return state.holds.isEmpty
    }
    if isFirst { add(.stop) }
  }

  /// Ends a reason for silence.
  func resume(_ reason: Hold) {
    let isLast = state.withLock { $0.holds.remove(reason) != nil && $0.holds.isEmpty }
    if isLast { add(.goOn) }
  }

  func isHeld(_ reason: Hold) -> Bool { state.withLock { $0.holds.contains(reason) } }
}
