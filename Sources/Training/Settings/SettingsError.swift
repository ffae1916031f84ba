/// A setting that cannot be.
package struct SettingsError: Error, Hashable, Sendable {
  /// Where a value was given.
  package enum Source: Hashable, Sendable {
    case file(String, line: Int?)
    case option(String)
    case defaults
  }

  package var source: Source
  /// What is wrong, and what to do.
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
  /// Whether a file has it, and not the command line.
  package var isOfFile: Bool { if case .file = source { true } else { false } }
}
