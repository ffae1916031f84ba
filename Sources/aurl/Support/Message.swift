import Files
import MIDIFiles
import MusicTokens

/// Lines for people, on standard error.
enum Message {
  static func error(_ text: String) { write("Error: \(text)\n") }

  static func warning(_ text: String) { write("Warning: \(text)\n") }

  static func note(_ text: String) { write("\(text)\n") }

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

  /// Control characters, as a hostile file name may have, do not reach the terminal.
  private static func write(_ text: String) {
    let safe = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" ? "?" : $0 }))
    writeToStandardError(safe)
  }
}
