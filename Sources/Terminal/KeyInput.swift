internal import Dispatch
internal import Glibc

/// Keys of the computer as they are pressed, unbuffered and without echo, while there is a terminal.
package final class KeyInput {
  private let source: any DispatchSourceRead
  private var saved: termios

  /// - Parameter handler: is called with each key, on a thread of its own.
  /// - Returns: nil where standard input is no terminal, or the program is in the background.
  package init?(_ handler: @escaping @Sendable (Character) -> Void) {
    guard isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp() else { return nil }
    saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var settings = saved
    // Signals stay: Ctrl-C ends the program as ever.
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
