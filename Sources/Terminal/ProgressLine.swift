internal import Files
internal import Glibc

/// A line on a terminal that says how far a long job is, and is written over by the next one.
package struct ProgressLine: Sendable {
  /// False where standard error is no terminal that can go back in a line, or nothing is to be shown; `update` then does
  /// nothing.
  package let isShown: Bool
  private var shown = ""

  package init(isQuiet: Bool) { isShown = !isQuiet && Environment.isTerminal(STDERR_FILENO) }

  /// Shows a text instead of the one before, cut to the width of the terminal, so that it never wraps.
  package mutating func update(_ text: String) {
    guard isShown, text != shown else { return }
    shown = text
    var size = winsize()
    let width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    writeToStandardError("\r\u{1B}[K\(text.prefix(width - 1))")
  }

  /// Clears the line, for other output or because the job is done.
  package mutating func clear() {
    guard isShown, !shown.isEmpty else { return }
    shown = ""
    writeToStandardError("\r\u{1B}[K")
  }
}
