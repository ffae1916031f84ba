/// An invalid setting.
package struct SettingsError: Error, Hashable, Sendable {
  /// The source of a value.
  package enum Source: Hashable, Sendable {
    case file(String, line: Int?)
    case option(String)
    case defaults
  }

  package var source: Source
  /// The problem and its remedy.
  package var message: String
}

extension SettingsError: CustomStringConvertible {
  package var description: String {
    switch source {
    case .file(let path, let line?): "\(path): line \(line): \(message)"
    case .file(let path, nil): "\(path): \(message)"
    case .option(let option): "\(option): \(message)"
    case .defaults: message
    }
  }
}

extension SettingsError {
  /// Whether the value comes from a file, not the command line.
  package var isOfFile: Bool { if case .file = source { true } else { false } }
}
