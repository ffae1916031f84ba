import Files
import Glibc

/// A line on a terminal that says how far a long job is.
struct ProgressLine {
  private let isShown: Bool
  private var shown = ""

  /// Shows nothing where standard error is no terminal or `isQuiet`.
  init(isQuiet: Bool) { isShown = !isQuiet && isatty(STDERR_FILENO) == 1 }

  mutating func update(_ text: String) {
    guard isShown, text != shown else { return }
    shown = text
    writeToStandardError("\r\u{1B}[K\(text)")
  }

  /// Clears the line, for other output or because the job is done.
  mutating func clear() {
    guard isShown, !shown.isEmpty else { return }
    shown = ""
    writeToStandardError("\r\u{1B}[K")
  }
}
