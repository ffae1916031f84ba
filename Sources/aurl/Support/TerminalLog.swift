import Files
import Logging

/// Prints log messages as lines for people, on standard error.
struct TerminalLog: LogHandler {
  var logLevel = Logger.Level.notice
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let prefix =
      switch event.level {
      case .critical, .error: "Error: "
      case .warning: "Warning: "
      default: ""
      }
    writeToStandardError("\(prefix)\(Self.printable(event.message.description))\n")
  }

  /// Control characters, as a hostile file name may have, do not reach the terminal.
  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }
}
