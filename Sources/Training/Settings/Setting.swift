internal import Datasets
internal import ModelFormat
internal import VAEGAN

/// One setting: its key, its description, and how its value is parsed and formatted.
package struct Setting: Sendable {
  /// The path of the setting, such as `optimizer.learningRate`.
  package let key: String
  /// Its description, with its unit.
  package let comment: String
  /// The value as the text of a YAML scalar.
  let text: @Sendable (Settings) -> String
  /// Sets the value from text; returns a description of valid values if the text is invalid.
  let assign: @Sendable (String, inout Settings) -> String?

  typealias Path<Value> = WritableKeyPath<Settings, Value> & Sendable

  /// The value of this setting.
  package func value(in settings: Settings) -> String { text(settings) }
}

/// A type of setting values.
protocol SettingValue: Sendable {
  /// Parses a value; nil if the text is invalid.
  init?(settingText: String)
  var settingText: String { get }
  /// A description of valid values, such as "a whole number".
  static var kind: String { get }
}

extension Setting {
  /// A setting of any value type.
  static func value<Value: SettingValue>(_ key: String, _ path: any Path<Value>, _ comment: String) -> Setting {
    Setting(key: key, comment: comment) {
      $0[keyPath: path].settingText
    } assign: { text, settings in
      guard let value = Value(settingText: text) else { return Value.kind }
      settings[keyPath: path] = value
      return nil
    }
  }

  /// A setting with bounds.
  static func value<Value: SettingValue & Comparable>(
    _ key: String, _ path: any Path<Value>, in range: ClosedRange<Value>, _ comment: String
  ) -> Setting {
    Setting(key: key, comment: comment) {
      $0[keyPath: path].settingText
    } assign: { text, settings in
      guard let value = Value(settingText: text), range.contains(value) else { return expectation(range) }
      settings[keyPath: path] = value
      return nil
    }
  }

  /// An optional setting, `null` if absent.
  static func value<Value: SettingValue & Comparable>(
    _ key: String, _ path: any Path<Value?>, in range: ClosedRange<Value>, _ comment: String
  ) -> Setting {
    Setting(key: key, comment: comment) {
      $0[keyPath: path]?.settingText ?? "null"
    } assign: { text, settings in
      if isNull(text) {
        settings[keyPath: path] = nil
        return nil
      }
      guard let value = Value(settingText: text), range.contains(value) else { return expectation(range) + " or null" }
      settings[keyPath: path] = value
      return nil
    }
  }

  /// An optional text, `null` if absent.
  static func text(_ key: String, _ path: any Path<String?>, _ comment: String) -> Setting {
    Setting(key: key, comment: comment) {
      $0[keyPath: path]?.settingText ?? "null"
    } assign: { text, settings in
      settings[keyPath: path] = isNull(text) ? nil : text
      return nil
    }
  }

  static func isNull(_ text: String) -> Bool { ["", "~", "null", "none"].contains(text) }

  private static func expectation<Value: SettingValue>(_ range: ClosedRange<Value>) -> String {
    "\(Value.kind) from \(range.lowerBound.settingText) to \(range.upperBound.settingText)"
  }
}

extension Int: SettingValue {
  init?(settingText text: String) { self.init(text.filter { $0 != "_" }) }
  var settingText: String { description }
  static var kind: String { "a whole number" }
}

extension Double: SettingValue {
  init?(settingText text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = value
  }
  var settingText: String { self == rounded() && magnitude < 1e6 ? "\(Int(self))" : description }
  static var kind: String { "a number" }
}

extension Bool: SettingValue {
  init?(settingText text: String) { self.init(text) }
  var settingText: String { description }
  static var kind: String { "true or false" }
}

extension String: SettingValue {
  init?(settingText text: String) {
    guard !text.isEmpty else { return nil }
    self = text
  }
  /// Quoted if YAML would read it as something else.
  var settingText: String {
    let isPlain =
      utf8.allSatisfy {
        UInt8(ascii: "/")...UInt8(ascii: "9") ~= $0 || "_-.".utf8.contains($0) || $0 | 0x20 >= 97 && $0 | 0x20 <= 122
      }
      && first?.isLetter == true && !Setting.isNull(self)
    if isPlain || first == "/" && !contains(where: { " :#\"\\'\n\t".contains($0) }) { return self }
    let escaped = map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : $0 == "\t" ? "\\t" : "\($0)" }
    return "\"\(escaped.joined())\""
  }
  static var kind: String { "a text" }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  init?(settingText text: String) { self.init(rawValue: text) }
  var settingText: String { rawValue }
  static var kind: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}

extension SourceWeights: SettingValue {
  init?(settingText: String) { self.init(settingText) }
  var settingText: String { description.settingText }
  static var kind: String { "folders with their weights, such as keyboard=4, songs=0.25" }
}

extension Settings.Precision: SettingValue {}
extension Objective.Part: SettingValue {}
extension AdversarialLoss: SettingValue {}
extension KLSchedule: SettingValue {}
extension Settings.MatrixOptimizer: SettingValue {}
extension Settings.SlopePenalty: SettingValue {}
extension Settings.AdversarialGradient: SettingValue {}
extension Configuration.Prior: SettingValue {}
