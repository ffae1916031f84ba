package import Files
internal import Glibc

/// An error as it is reported to the user: one line on standard error, and the exit status of the program.
package struct Failure: Error {
  package var status: ExitStatus
  /// The file, port or option that the error is about.
  package var subject: String?
  /// What is wrong, where, and how to fix it.
  package var message: String
  /// Whether the error is that a result could not be written.
  package var losesResult = false

  package init(_ status: ExitStatus, _ subject: String? = nil, _ message: String) {
    self.status = status
    self.subject = subject
    self.message = message
  }

  /// Prints the error and ends the program.
  package func exit() -> Never {
    Message.error(description)
    Glibc.exit(status.rawValue)
  }
}

extension Failure: CustomStringConvertible {
  package var description: String { [subject, message].compactMap { $0 }.joined(separator: ": ") }
}

extension Failure {
  package init(_ error: FileError) {
    self.init(error.status, error.path, error.description)
    losesResult = error.operation == .create || error.operation == .write
  }
}
