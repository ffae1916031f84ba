import Synchronization
import Terminal

/// The progress line of several renderings.
final class RenderProgress: BatchProgress {
  private struct State {
    var done: [Double]
    var line: ProgressLine
  }
  private let state: Mutex<State>
  private let left = TimeLeft()

  init(count: Int, isQuiet: Bool) {
    state = Mutex(State(done: Array(repeating: 0, count: count), line: ProgressLine(isQuiet: isQuiet)))
  }

  /// Reports the fraction of a rendering that is done, 0…1.
  func update(_ index: Int, _ part: Double) {
    state.withLock { state in
      state.done[index] = max(0, min(1, part))
      let share = state.done.reduce(0, +) / Double(state.done.count)
      state.line.update("rendering: \(Int(100 * share)) %\(left.text(after: share))")
    }
  }

  /// Not needed: `update` reports all progress.
  func finish(_ count: Int, of total: Int) {}

  func clear() { state.withLock { $0.line.clear() } }
}
