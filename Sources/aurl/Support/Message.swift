import Logging
import MIDIFiles
import MusicTokens

/// Lines for people, on standard error.
enum Message {
  private static let logger = Logger(label: "aurl") { _ in TerminalLog() }

  static func error(_ text: String) { logger.error("\(text)") }

  static func warning(_ text: String) { logger.warning("\(text)") }

  static func note(_ text: String) { logger.notice("\(text)") }

  /// Says what was repaired in a MIDI file, damage only: what the specification allows is no news.
  static func repairs(_ repairs: [Repair], of path: String) {
    for repair in repairs where repair.kind.isDamage {
      let count = repair.count > 1 ? ", \(repair.count) times" : ""
      warning("\(Input.name(of: path)): \(repair.kind.explanation) (byte \(repair.offset)\(count))")
    }
  }

  /// Says what was repaired in a token stream.
  static func repairs(_ repairs: [TokenRepair], of path: String) {
    for repair in repairs {
      let count = repair.count > 1 ? ", \(repair.count) times" : ""
      warning("\(Input.name(of: path)): \(repair.kind.explanation) (token \(repair.index)\(count))")
    }
  }
}
