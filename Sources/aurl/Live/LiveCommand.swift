import Improvisation
import MusicCore

/// A command of the player during a session, given by a key of the computer or a control of an instrument.
enum LiveCommand: Hashable, Sendable {
  /// Hand over, or take the turn back.
  case handOver
  /// Switch silence on or off.
  case panic
  case nextMode
  case keyLock
  case forget
  /// Raise or lower by a number of steps.
  case temperature(Int)
  case develop(Int)
  case tap
  case save
  case quit
  case set(Adjustment)
}

extension LiveCommand {
  /// The commands of the computer's keys.
  private static let keys: [String: LiveCommand] = [
    " ": .handOver, "p": .panic, "m": .nextMode, "k": .keyLock, "r": .forget, "t": .tap, "s": .save, "q": .quit,
    "\u{1B}[A": .temperature(1), "\u{1B}[B": .temperature(-1), "\u{1B}[C": .develop(1), "\u{1B}[D": .develop(-1),
  ]

  static let help = "space hand over, p panic, m mode, k key, r forget, t tap, arrows, s save, q quit"

  /// Assembles key sequences: an arrow key sends three characters.
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
