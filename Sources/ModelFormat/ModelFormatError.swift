public import Files

/// An error in reading or writing a model's file.
public enum ModelFormatError: Error, Hashable, Sendable {
  /// An input or output error.
  case file(FileError)
  /// The content that was read, or was to be written, is invalid.
  case content(path: String, tensor: String? = nil, reason: String)
}

extension ModelFormatError {
  /// The path of the file that the error is about.
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

/// An error in the content of a file, thrown by code that does not know its path.
struct Flaw: Error {
  /// The tensor concerned.
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

/// Text from a file for use in a message: quoted, with control characters escaped, and truncated.
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
