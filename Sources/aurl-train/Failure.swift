import Datasets
import Files
import Glibc
import ModelFormat
import Tensors
import Training

/// An error as the user sees it: one line, and the exit status of the program (sysexits.h).
struct Failure: Error {
  var status: Int32
  var message: String

  init(_ status: Int32, _ message: String) {
    self.status = status
    self.message = message
  }

  static let usage: Int32 = 64
  static let malformedInput: Int32 = 65
  static let noInput: Int32 = 66
  static let unavailable: Int32 = 69
  static let software: Int32 = 70
  static let cannotCreate: Int32 = 73
  static let inputOutput: Int32 = 74

  /// Ends the program.
  func exit() -> Never {
    Message.write("Error: \(message)")
    Glibc.exit(status)
  }
}

extension Failure {
  /// What to tell of an error of training; nil for those of the command line itself.
  init?(_ error: any Error) {
    switch error {
    case let error as SettingsError:
      self.init(error.isOfFile ? Self.malformedInput : Self.usage, error.description)
    case let error as FileError: self.init(Self.status(of: error), "\(error.path): \(error)")
    case let error as DatasetError:
      if case .file(let cause) = error {
        self.init(Self.status(of: cause), "\(cause.path): \(cause)")
      } else {
        self.init(Self.malformedInput, "\(error.path): \(error)")
      }
    case let error as ModelFormatError:
      if case .file(let cause) = error {
        self.init(Self.status(of: cause), error.description)
      } else {
        self.init(Self.malformedInput, error.description)
      }
    case let error as TensorError:
      self.init(error.isOfMachines ? Self.unavailable : Self.software, error.description)
    case let error as LaunchError: self.init(Self.usage, error.description)
    case let error as TrainingError:
      switch error {
      case .exists: self.init(Self.usage, error.description)
      case .noCheckpoint: self.init(Self.noInput, error.description)
      case .mismatch, .unusableData: self.init(Self.malformedInput, error.description)
      case .diverged: self.init(Self.software, error.description)
      }
    default: return nil
    }
  }

  private static func status(of error: FileError) -> Int32 {
    switch error.operation {
    case .open: error.isMissing ? noInput : inputOutput
    case .create: cannotCreate
    case .read, .write: inputOutput
    }
  }
}
