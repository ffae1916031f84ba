import MIDIFiles
import MusicTokens
import Terminal

extension Message {
  /// Reports the repairs of damage in a MIDI file; deviations that the specification allows are not reported.
  static func repairs(_ repairs: [Repair], of path: String) {
    for repair in repairs where repair.kind.isDamage {
      let count = repair.count > 1 ? ", \(repair.count) times" : ""
      warning("\(Input.name(of: path)): \(repair.kind.explanation) (byte \(repair.offset)\(count))")
    }
  }

  /// Reports the repairs of a token stream.
  static func repairs(_ repairs: [TokenRepair], of path: String) {
    for repair in repairs {
      let count = repair.count > 1 ? ", \(repair.count) times" : ""
      warning("\(Input.name(of: path)): \(repair.kind.explanation) (token \(repair.index)\(count))")
    }
  }
}
