import Glibc
import Synchronization

/// One line at the bottom of a terminal that says how far several renderings are; silent where standard error
/// is no terminal.
final class ProgressLine: Sendable {
  private struct State {
    var done: [Double]
    var shownPercent = -1
  }
  private let state: Mutex<State>
  private let isShown: Bool

  init(count: Int, isQuiet: Bool) {
    state = Mutex(State(done: Array(repeating: 0, count: count)))
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// Says that the given part, 0…1, of a rendering is done.
  func update(_ index: Int, _ part: Double) {
    guard isShown else { return }
    state.withLock { state in
      state.done[index] = max(0, min(1, part))
      let percent = Int(100 * state.done.reduce(0, +) / Double(state.done.count))
      guard percent != state.shownPercent else { return }
      state.shownPercent = percent
      let files = state.done.count > 1 ? " of \(state.done.count) files" : ""
      write("\rrendering\(files): \(percent) %\u{1B}[K")
    }
  }

  /// Takes the line away, for what comes next on the terminal.
  func clear() {
    guard isShown else { return }
    state.withLock { $0.shownPercent = -1 }
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) { writeError(text) }
}
