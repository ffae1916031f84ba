import Datasets
import Files
import Glibc
import ModelFormat
import Tensors
import Training

/// An error as the user sees it: one line, and the exit status of the program (sysexits.h).
struct Failure: Error {
  var status: ExitStatus
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// Ends the program.
  func exit() -> Never {
    Message.write("Error: \(message)")
    Glibc.exit(status.rawValue)
  }
}

extension Failure {
  /// What to tell of an error of training; nil for those of the command line itself.
  init?(_ error: any Error) {
    switch error {
    case let error as SettingsError:
      self.init(error.isOfFile ? .malformedInput : .usage, error.description)
    case let error as FileError: self.init(error.status, "\(error.path): \(error)")
    case let error as DatasetError:
      if case .file(let cause) = error {
        self.init(cause.status, "\(cause.path): \(cause)")
      } else {
        self.init(.malformedInput, "\(error.path): \(error)")
      }
    case let error as ModelFormatError:
      if case .file(let cause) = error {
        self.init(cause.status, error.description)
      } else {
        self.init(.malformedInput, error.description)
      }
    case let error as TensorError:
      self.init(error.isOfMachines ? .unavailable : .software, error.description)
    case let error as LaunchError: self.init(.usage, error.description)
    case let error as TrainingError:
      switch error {
      case .exists: self.init(.cannotCreate, error.description)
      case .noCheckpoint: self.init(.noInput, error.description)
      case .mismatch, .unusableData: self.init(.malformedInput, error.description)
      case .diverged: self.init(.software, error.description)
      }
    default: return nil
    }
  }
}
