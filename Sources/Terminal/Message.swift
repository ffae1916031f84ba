internal import Files

/// Messages for people, on standard error.
package enum Message {
  package static func error(_ text: String) { write("Error: \(text)") }

  package static func warning(_ text: String) { write("Warning: \(text)") }

  package static func note(_ text: String) { write(text) }

  private static func write(_ text: String) { writeToStandardError(printable(text) + "\n") }
}
