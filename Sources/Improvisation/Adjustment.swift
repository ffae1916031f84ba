package import MusicCore

/// A parameter of the machine's playing that is changed while it plays.
package enum Adjustment: Hashable, Sendable {
  case temperature(Double)
  /// How much of the call's figures an answer uses, 0…1.
  case develop(Double)
  case dynamics(DynamicLevel)
  /// How long answers are, in seconds.
  case answer(Double)
  case mode(DuetSettings.Mode)
  /// Whether the key that answers keep to is locked.
  case keyLock(Bool)
  /// Discards everything heard so far.
  case forget
}

extension Adjustment: CustomStringConvertible {
  /// A name and a value, such as `develop 0.5`.
  package var description: String {
    switch self {
    case .temperature(let value): "temperature \(value)"
    case .develop(let value): "develop \(value)"
    case .dynamics(let level): "dynamics \(level)"
    case .answer(let seconds): "answer \(seconds)"
    case .mode(let mode): "mode \(mode.rawValue)"
    case .keyLock(let isOn): "key-lock \(isOn)"
    case .forget: "forget"
    }
  }

  /// The adjustment with this description; nil of other text.
  package init?(_ description: String) {
    let words = description.split(separator: " ").map(String.init)
    let value = words.count == 2 ? words[1] : nil
    func number(_ range: ClosedRange<Double>) -> Double? {
      value.flatMap { Double($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
    let adjustment: Adjustment? =
      switch words.first {
      case "temperature": number(0.01...10).map(Adjustment.temperature)
      case "develop": number(0...1).map(Adjustment.develop)
      case "dynamics": value.flatMap { DynamicLevel($0) }.map(Adjustment.dynamics)
      case "answer": number(1...600).map(Adjustment.answer)
      case "mode": value.flatMap(DuetSettings.Mode.init(rawValue:)).map(Adjustment.mode)
      case "key-lock": value.flatMap { Bool($0) }.map(Adjustment.keyLock)
      case "forget": value == nil ? .forget : nil
      default: nil
      }
    guard let adjustment else { return nil }
    self = adjustment
  }
}
