internal import Files
internal import Glibc

/// A progress line on a terminal, which is overwritten by each update.
package struct ProgressLine: Sendable {
  /// False if standard error is not a terminal that can overwrite a line, or output is quiet; `update` then does
  /// nothing.
  package let isShown: Bool
  private var shown = ""

  package init(isQuiet: Bool) { isShown = !isQuiet && Environment.isTerminal(STDERR_FILENO) }

  /// Replaces the text, truncated to the width of the terminal so that it never wraps.
  package mutating func update(_ text: String) {
    guard isShown, text != shown else { return }
    shown = text
    var size = winsize()
    let width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    writeToStandardError("\r\u{1B}[K\(text.prefix(width - 1))")
  }

  /// Clears the line, before other output or when the task is done.
  package mutating func clear() {
    guard isShown, !shown.isEmpty else { return }
    shown = ""
    writeToStandardError("\r\u{1B}[K")
  }
}
