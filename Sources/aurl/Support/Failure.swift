import ArgumentParser
import Files

/// An error as the user sees it: one line, and the exit status of the program (sysexits.h).
struct Failure: Error {
  enum Status: Int32 {
    case usage = 64
    case malformedInput = 65
    case noInput = 66
    /// Something the program needs is not there: ALSA, a soundfont, a model.
    case unavailable = 69
    /// A bug of ours.
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
  }

  var status: Status
  /// The file, port or option the error is about.
  var subject: String?
  /// What is wrong, where, and what to do.
  var message: String

  init(_ status: Status, _ subject: String? = nil, _ message: String) {
    self.status = status
    self.subject = subject
    self.message = message
  }
}

extension Failure: CustomStringConvertible {
  var description: String { [subject, message].compactMap { $0 }.joined(separator: ": ") }
}

extension Failure {
  init(_ error: FileError) {
    let status: Status =
      switch error.operation {
      case .open: error.isMissing ? .noInput : .inputOutput
      case .read: .inputOutput
      case .create: .cannotCreate
      case .write: .inputOutput
      }
    self.init(status, error.path, error.description)
  }
}
