/// How the programs end (sysexits.h).
package enum ExitStatus: Int32, Sendable {
  case usage = 64
  case malformedInput = 65
  case noInput = 66
  /// Something the program needs is not there: ALSA, a soundfont, a model, the other processes.
  case unavailable = 69
  /// A bug of ours.
  case software = 70
  case cannotCreate = 73
  case inputOutput = 74
}

extension FileError {
  /// What a program ends with that fails for this.
  package var status: ExitStatus {
    switch operation {
    case .open: isMissing ? .noInput : .inputOutput
    case .create: .cannotCreate
    case .read, .write: .inputOutput
    }
  }
}
