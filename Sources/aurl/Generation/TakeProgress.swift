import MusicCore
import Synchronization
import Takes
import Terminal

/// The progress line of takes: their total duration so far.
final class TakeProgressLine: BatchProgress, TakeProgress {
  private struct State {
    var done = 0
    var ticks = 0
    var line: ProgressLine
  }
  private let count: Int
  private let state: Mutex<State>

  init(count: Int, isQuiet: Bool) {
    self.count = count
    state = Mutex(State(line: ProgressLine(isQuiet: isQuiet)))
  }

  func advance(by ticks: Int) {
    update { $0.ticks += ticks }
  }

  /// Not shown: `finishTake` is called earlier.
  func finish(_ count: Int, of total: Int) {}

  func finishTake() { update { $0.done += 1 } }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      let takes = count > 1 ? ", \(state.done) of \(count) takes" : ""
      state.line.update("generating: \(state.ticks / TokenTime.ticksPerSecond) s of music\(takes)")
    }
  }

  func clear() { state.withLock { $0.line.clear() } }
}
