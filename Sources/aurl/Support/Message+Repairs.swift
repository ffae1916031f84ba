import MIDIFiles
import MusicTokens
import Terminal

extension Message {
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
