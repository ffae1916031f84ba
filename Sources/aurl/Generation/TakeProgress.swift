import MusicCore
import Synchronization
import Takes
import Terminal

/// The progress line of takes: their total duration so far, and the time left.
final class TakeProgressLine: BatchProgress, TakeProgress {
  private struct State {
    var done = 0
    var time = TokenTime.zero
    /// The time of finished takes.
    var doneTime = TokenTime.zero
    var line: ProgressLine
  }
  private let count: Int
  private let longest: TokenTime
  private let left = TimeLeft()
  private let state: Mutex<State>

  /// - Parameter longest: the length of a take, unless the model ends it before.
  init(count: Int, longest: TokenTime, isQuiet: Bool) {
    self.count = count
    self.longest = max(1, longest)
    state = Mutex(State(line: ProgressLine(isQuiet: isQuiet)))
  }

  func advance(by time: TokenTime) {
    update { $0.time = $0.time + time }
  }

  /// Not shown: `finishTake` is called earlier.
  func finish(_ count: Int, of total: Int) {}

  func finishTake(after length: TokenTime) {
    update {
      $0.done += 1
      $0.doneTime = $0.doneTime + length
    }
  }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      let takes = count > 1 ? ", \(state.done) of \(count) takes" : ""
      // Unfinished takes count in proportion to their length so far.
      let unfinished = (state.time - state.doneTime).seconds.rawValue
      let parts = min(unfinished / longest.seconds.rawValue, Double(count - state.done))
      let left = left.text(after: (Double(state.done) + parts) / Double(count))
      state.line.update("generating: \(Int(state.time.seconds.rawValue)) s of music\(takes)\(left)")
    }
  }

  func clear() { state.withLock { $0.line.clear() } }
}
