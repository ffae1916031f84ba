import MusicCore
import Synchronization
import Takes
import Terminal

/// The progress line of takes: their total duration so far, and the time left.
final class TakeProgressLine: BatchProgress, TakeProgress {
  private struct State {
    var done = 0
    var ticks = 0
    /// The ticks of finished takes.
    var doneTicks = 0
    var line: ProgressLine
  }
  private let count: Int
  private let longest: Int
  private let left = TimeLeft()
  private let state: Mutex<State>

  /// - Parameter longest: the length of a take in ticks, unless the model ends it before.
  init(count: Int, longest: Int, isQuiet: Bool) {
    self.count = count
    self.longest = max(1, longest)
    state = Mutex(State(line: ProgressLine(isQuiet: isQuiet)))
  }

  func advance(by ticks: Int) {
    update { $0.ticks += ticks }
  }

  /// Not shown: `finishTake` is called earlier.
  func finish(_ count: Int, of total: Int) {}

  func finishTake(after ticks: Int) {
    update {
      $0.done += 1
      $0.doneTicks += ticks
    }
  }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      let takes = count > 1 ? ", \(state.done) of \(count) takes" : ""
      // Unfinished takes count in proportion to their length so far.
      let parts = min(Double(state.ticks - state.doneTicks) / Double(longest), Double(count - state.done))
      let left = left.text(after: (Double(state.done) + parts) / Double(count))
      state.line.update("generating: \(state.ticks / TokenTime.ticksPerSecond) s of music\(takes)\(left)")
    }
  }

  func clear() { state.withLock { $0.line.clear() } }
}
