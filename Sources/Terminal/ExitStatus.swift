package import Files

/// The nonzero exit statuses of the programs (sysexits.h).
package enum ExitStatus: Int32, Sendable {
  case usage = 64
  case malformedInput = 65
  case noInput = 66
  /// A resource that the program needs is missing: ALSA, a soundfont, a model, another process of a training run.
  case unavailable = 69
  /// A bug in the program.
  case software = 70
  case cannotCreate = 73
  case inputOutput = 74
}

extension FileError {
  /// The exit status for this error.
  package var status: ExitStatus {
    switch operation {
    case .open: isMissing ? .noInput : .inputOutput
    case .create: .cannotCreate
    case .read, .write: .inputOutput
    }
  }
}
