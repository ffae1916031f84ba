import ArgumentParser
import Files

/// An error as the user sees it: one line, and the exit status of the program (sysexits.h).
struct Failure: Error {
  var status: ExitStatus
  /// The file, port or option the error is about.
  var subject: String?
  /// What is wrong, where, and what to do.
  var message: String

  init(_ status: ExitStatus, _ subject: String? = nil, _ message: String) {
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
    self.init(error.status, error.path, error.description)
  }
}
