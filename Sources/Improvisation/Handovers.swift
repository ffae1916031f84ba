package import MusicCore

/// The signals by which the human gives the turn to the machine and takes it back.
package struct Handovers: Hashable, Sendable {
  /// The length of the pause that counts as a signal, in seconds; nil if pauses are no signal.
  package var pause: Double?
  /// Controllers used for signals only, such as pedals.
  package var controllers: Set<UInt8> = []
  /// Keys of the instrument used for signals only.
  package var notes: Set<UInt8> = []
  package var programs: Set<UInt8> = []
  /// The number of bars after which the turn changes; nil if bars are no signal.
  package var bars: Int?
  /// Whether the space bar of the computer is a signal.
  package var key = false

  /// The default pause in seconds: none of the other rules tried on performances makes fewer false entries at the same
  /// delay (docs/live.md).
  package static let standardPause = 1.0

  package static let standard: Handovers = {
    var handovers = Handovers()
    (handovers.pause, handovers.controllers, handovers.key) = (standardPause, [Controller.soft.rawValue], true)
    return handovers
  }()

  package init() {}

  /// What a message means for the turns.
  package enum Meaning: Hashable, Sendable {
    /// Music, which the machine hears.
    case music
    case signal(Handover)
    /// What else comes from a pedal or key that only gives signals, such as its release.
    case nothing
  }

  package func meaning(of message: ChannelMessage, _ pedals: inout PedalPresses) -> Meaning {
    switch message.kind {
    case .control(.controller(let controller, let value)) where controllers.contains(controller.rawValue):
      pedals.press(controller.rawValue, at: value) ? .signal(.controller) : .nothing
    case .noteOn(let pitch, _) where notes.contains(pitch.rawValue): .signal(.note)
    case .noteOff(let pitch, _) where notes.contains(pitch.rawValue): .nothing
    case .control(.program(let program)) where programs.contains(program.rawValue): .signal(.program)
    default: .music
    }
  }

  /// Parses a comma-separated list of `pause`, `pause:1.5`, `cc:67`, `note:21`, `program:5` (counted from 1), `bars:4`
  /// and `key`, or `none`; nil for any other word.
  package init?(_ text: String) {
    guard text != "none" else { return }
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let value = parts.count > 1 ? parts[1] : nil
      switch (parts.first, value) {
      case ("pause", nil): pause = Self.standardPause
      case ("pause", let value?):
        guard let seconds = Double(value), (0.1...60).contains(seconds) else { return nil }
        pause = seconds
      case ("cc", let value?):
        guard let number = UInt8(value), number < 120 else { return nil }
        controllers.insert(number)
      case ("note", let value?):
        guard let number = UInt8(value), number < 128 else { return nil }
        notes.insert(number)
      case ("program", let value?):
        guard let number = UInt8(value), (1...128).contains(number) else { return nil }
        programs.insert(number - 1)
      case ("bars", let value?):
        guard let number = Int(value), (1...64).contains(number) else { return nil }
        bars = number
      case ("key", nil): key = true
      default: return nil
      }
    }
  }
}
