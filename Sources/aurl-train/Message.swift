import Files

/// Lines for people, on standard error.
enum Message {
  static func write(_ text: String) { writeToStandardError(printable(text) + "\n") }

  /// Control characters, as a hostile file name may have, do not reach the terminal.
  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }
}
