public import Files

/// Why a model's file cannot be used or written.
public enum ModelFormatError: Error, Hashable, Sendable {
  /// The system refused.
  case file(FileError)
  /// What is in the file, or was to be written to it, is not sound.
  case content(path: String, tensor: String? = nil, reason: String)
}

extension ModelFormatError {
  public var path: String {
    switch self {
    case .file(let error): error.path
    case .content(let path, _, _): path
    }
  }

  /// One line without the path.
  public var message: String {
    switch self {
    case .file(let error): error.description
    case .content(_, let tensor?, let reason): "tensor \(quoted(tensor)) \(reason)"
    case .content(_, nil, let reason): reason
    }
  }
}

extension ModelFormatError: CustomStringConvertible {
  public var description: String { "\(path): \(message)" }
}

/// What is wrong with the content of a file, by those who do not know its name.
struct Flaw: Error {
  /// The tensor that it is about.
  var tensor: String?
  var reason: String

  init(_ reason: String, tensor: String? = nil) {
    self.reason = reason
    self.tensor = tensor
  }
}

extension ModelFormatError {
  init(_ flaw: Flaw, path: String) { self = .content(path: path, tensor: flaw.tensor, reason: flaw.reason) }
}

/// Text out of a file as part of a line: in quotes, printable, and not long.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars.prefix(80) {
    let isPrintable: Bool =
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
      default: true
      }
    if isPrintable { result.unicodeScalars.append(scalar) } else { result += "?" }
  }
  return result + (text.unicodeScalars.count > 80 ? "…\"" : "\"")
}
