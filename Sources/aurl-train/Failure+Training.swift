import Datasets
import Files
import ModelFormat
import Tensors
import Terminal
import Training

extension Failure {
  /// Describes an error of training; nil for errors of the command line itself.
  init?(_ error: any Error) {
    switch error {
    case let error as SettingsError:
      self.init(error.isOfFile ? .malformedInput : .usage, nil, error.description)
    case let error as FileError: self.init(error)
    case let error as DatasetError:
      if case .file(let cause) = error {
        self.init(cause)
      } else {
        self.init(.malformedInput, error.path, "\(error)")
      }
    case let error as ModelFormatError:
      if case .file(let cause) = error {
        self.init(cause.status, nil, error.description)
      } else {
        self.init(.malformedInput, nil, error.description)
      }
    case let error as TensorError:
      self.init(error.isOfMachines ? .unavailable : .software, nil, error.description)
    case let error as LaunchError: self.init(.usage, nil, error.description)
    case let error as TrainingError:
      switch error {
      case .exists: self.init(.cannotCreate, nil, error.description)
      case .noCheckpoint: self.init(.noInput, nil, error.description)
      case .mismatch, .unusableData, .unusableModel: self.init(.malformedInput, nil, error.description)
      case .diverged: self.init(.software, nil, error.description)
      }
    default: return nil
    }
  }
}
