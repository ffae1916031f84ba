import Improvisation
import MusicCore

/// What a player can ask for while he plays, with a key of the computer or a control of an instrument.
enum LiveCommand: Hashable, Sendable {
  /// Hand over, or take the turn back.
  case handOver
  /// Silence at once, or an end of it.
  case panic
  case nextMode
  case keyLock
  case forget
  /// So many steps up or down.
  case temperature(Int)
  case develop(Int)
  case tap
  case save
  case quit
  case set(Adjustment)
}

extension LiveCommand {
  /// Commands by the key of the computer.
  private static let keys: [String: LiveCommand] = [
    " ": .handOver, "p": .panic, "m": .nextMode, "k": .keyLock, "r": .forget, "t": .tap, "s": .save, "q": .quit,
    "\u{1B}[A": .temperature(1), "\u{1B}[B": .temperature(-1), "\u{1B}[C": .develop(1), "\u{1B}[D": .develop(-1),
  ]

  static let help = "space hand over, p panic, m mode, k key, r forget, t tap, arrows, s save, q quit"

  /// Puts the characters of keys together: an arrow is three.
  struct Reader {
    private var pending = ""

    /// The command that a character completes.
    mutating func command(_ character: Character) -> LiveCommand? {
      if character == "\u{1B}" { pending = "" }
      pending.append(character)
      defer { if pending != "\u{1B}" && pending != "\u{1B}[" { pending = "" } }
      return LiveCommand.keys[pending]
    }
  }
}
