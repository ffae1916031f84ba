import Generation
import MusicTokens
import Synchronization

/// How far takes are together, on the progress line.
final class TakeProgress: Sendable {
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

  func finishTake() { update { $0.done += 1 } }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      let takes = count > 1 ? ", \(state.done) of \(count) takes" : ""
      state.line.update("generating: \(state.ticks / Token.ticksPerSecond) s of music\(takes)")
    }
  }

  func clear() { state.withLock { $0.line.clear() } }
}
