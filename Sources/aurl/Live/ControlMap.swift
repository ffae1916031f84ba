import ArgumentParser
import Improvisation
import MusicCore

/// A control of an instrument and its function, as given by `--map`: `cc:74=temperature:0.6..1.3`, `note:21=tap`.
///
/// Messages of mapped controls are neither heard nor recorded.
struct ControlMapping: Hashable, Sendable {
  fileprivate enum Control: Hashable {
    case controller(UInt8), note(UInt8), program(UInt8)
  }

  fileprivate enum Meaning: Hashable {
    /// A command, when the control is pressed.
    case command(LiveCommand)
    /// A number that the control sets, from its lowest to its highest position.
    case number(String, ClosedRange<Double>)
  }

  private let control: Control
  private let meaning: Meaning

  fileprivate static let commands: [String: LiveCommand] = [
    "panic": .panic, "mode": .nextMode, "key-lock": .keyLock, "forget": .forget, "tap": .tap, "save": .save,
  ]
  /// The parameters that can be set, with their default ranges.
  fileprivate static let numbers: [String: ClosedRange<Double>] = [
    "temperature": 0.6...1.3, "develop": 0...1, "answer": 2...20, "dynamics": 0...5,
  ]

  init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard sides.count == 2, let control = Control(sides[0]), let meaning = Meaning(sides[1]) else { return nil }
    (self.control, self.meaning) = (control, meaning)
  }

  /// The commands that a message triggers: nil if it is not a message of this control, empty if it has no effect, such
  /// as the release of a pedal.
  func commands(for message: ChannelMessage, _ pedals: inout PedalPresses) -> [LiveCommand]? {
    guard let value = control.value(of: message) else { return nil }
    switch meaning {
    case .command(let command):
      let isPressed = if case .controller(let number) = control { pedals.press(number, at: value) } else { value >= 64 }
      return isPressed ? [command] : []
    case .number(let name, let range):
      let number = range.lowerBound + (range.upperBound - range.lowerBound) * Double(value) / 127
      if name == "dynamics" {
        return DynamicLevel(rawValue: UInt8(min(5, max(0, number.rounded())))).map { [.set(.dynamics($0))] } ?? []
      }
      return Adjustment("\(name) \(number)").map { [.set($0)] } ?? []
    }
  }
}

extension ControlMapping.Control {
  fileprivate init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let number = UInt8(parts[1]) else { return nil }
    switch (parts[0], number) {
    case ("cc", 0..<120): self = .controller(number)
    case ("note", 0..<128): self = .note(number)
    case ("program", 1...128): self = .program(number - 1)
    default: return nil
    }
  }

  /// The value to which a message sets the control, 0…127; nil for messages of other controls.
  fileprivate func value(of message: ChannelMessage) -> UInt8? {
    switch (self, message.kind) {
    case (.controller(let number), .control(.controller(let controller, let value))) where controller.rawValue == number:
      value
    case (.note(let number), .noteOn(let pitch, _)) where pitch.rawValue == number: 127
    case (.note(let number), .noteOff(let pitch, _)) where pitch.rawValue == number: 0
    case (.program(let number), .control(.program(let program))) where program.rawValue == number: 127
    default: nil
    }
  }
}

extension ControlMapping.Meaning {
  fileprivate init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return nil }
    if let command = ControlMapping.commands[name], parts.count == 1 {
      self = .command(command)
      return
    }
    guard let limits = ControlMapping.numbers[name] else { return nil }
    guard parts.count == 2 else {
      self = .number(name, limits)
      return
    }
    // Ranges such as 0.6..1.3 are split at the two dots.
    guard let dots = parts[1].firstRange(of: ".."),
      let low = Double(parts[1][..<dots.lowerBound]), let high = Double(parts[1][dots.upperBound...]), low <= high,
      Adjustment("\(name) \(low)") != nil || name == "dynamics" && low >= 0,
      Adjustment("\(name) \(high)") != nil || name == "dynamics" && high <= 5
    else { return nil }
    self = .number(name, low...high)
  }
}

extension ControlMapping: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
