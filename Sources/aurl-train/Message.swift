import Files

/// Lines for people, on standard error.
enum Message {
  static func write(_ text: String) { writeToStandardError(printable(text) + "\n") }
}
