public import Files

/// Why a file could not be read or written as a MIDI file.
public enum MIDIFileError: Error, Hashable, Sendable {
  case unreadable(FileError)
  case empty
  /// Something else; the associated value says what, such as "a web page (HTML)".
  case notMIDI(String)
  /// The header chunk ends with the file.
  case truncatedHeader(offset: Int)
  /// A division of zero, or SMPTE frames of no known rate or without ticks: the file has no time.
  case badDivision(UInt16, offset: Int)
  /// A sequence of a format 2 file, counted from 1, that is not there.
  case noSequence(Int, of: Int)
  /// Damage that strict reading refuses.
  case damaged(Repair.Kind, offset: Int)
  /// The score cannot be held in a MIDI file, or libsmf could not write it.
  case unwritable(String)
}

extension MIDIFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .empty: "the file is empty; give it a MIDI file"
    case .notMIDI(let what): "not a MIDI file but \(what)"
    case .truncatedHeader(let offset): "the MIDI header at byte \(offset) is cut short; get the file again"
    case .badDivision(let value, let offset):
      value == 0
        ? "the header says 0 ticks per quarter (byte \(offset)); without it nothing has a time"
        : "the header's time division 0x\(String(value, radix: 16)) (byte \(offset)) is not one MIDI files can have"
    case .noSequence(let number, let count):
      "there is no sequence \(number); the file has \(count == 1 ? "one" : "\(count)")"
    case .damaged(let kind, let offset):
      "\(kind.explanation) at byte \(offset); without --strict it is repaired"
    case .unwritable(let reason): "cannot be written as a MIDI file: \(reason)"
    }
  }
}
