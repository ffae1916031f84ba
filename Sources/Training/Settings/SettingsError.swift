/// A setting that cannot be.
public struct SettingsError: Error, Hashable, Sendable {
  /// Where a value was given.
  public enum Source: Hashable, Sendable {
    case file(String, line: Int?)
    case option(String)
    case defaults
  }

  public var source: Source
  /// What is wrong, and what to do.
  public var message: String
}

extension SettingsError: CustomStringConvertible {
  public var description: String {
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
  public var isOfFile: Bool { if case .file = source { true } else { false } }
}
