internal import Dispatch
internal import Glibc

/// Reads key presses of the computer keyboard from the terminal, unbuffered and without echo.
package final class KeyInput {
  private let source: any DispatchSourceRead
  private var saved: termios

  /// - Parameter handler: is called with each key, on a thread of its own.
  /// - Returns: nil if standard input is not a terminal, or the program is in the background.
  package init?(_ handler: @escaping @Sendable (Character) -> Void) {
    guard isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp() else { return nil }
    saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var settings = saved
    // Signal keys stay enabled: Ctrl-C still ends the program.
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)
    source.setEventHandler {
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { return }
      handler(Character(Unicode.Scalar(byte)))
    }
    source.resume()
  }

  /// Restores the terminal.
  package func end() {
    source.cancel()
    tcsetattr(STDIN_FILENO, TCSANOW, &saved)
  }
}
