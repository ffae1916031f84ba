import Generation
import MusicCore
import MusicTokens
import Synchronization
import Terminal

/// How far takes are together, on the progress line.
final class TakeProgress: BatchProgress {
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

  /// Says that a take went on by some ticks of 1/64 s.
  func advance(by ticks: Int) {
    update { $0.ticks += ticks }
  }

  /// The music of all takes says more, and `finishTake` comes sooner.
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
