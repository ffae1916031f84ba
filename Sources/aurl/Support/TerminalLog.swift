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
    writeToStandardError("\(prefix)\(printable(event.message.description))\n")
  }
}
