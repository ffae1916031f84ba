public import Files

/// Why a file could not be read or written as a MIDI file.
public enum MIDIFileError: Error, Hashable, Sendable {
  case unreadable(FileError)
  case empty
  /// Not a MIDI file; with the kind of the file, such as "a web page (HTML)".
  case notMIDI(String)
  /// The file ends within the header chunk.
  case truncatedHeader(offset: Int)
  /// An invalid division: zero, an unknown SMPTE frame rate, or frames of no ticks.
  case badDivision(UInt16, offset: Int)
  /// The format 2 file has no sequence of this number, counted from 1.
  case noSequence(Int, of: Int)
  /// Damage that strict reading rejects.
  case damaged(Repair.Kind, offset: Int)
  /// The score cannot be represented as a MIDI file, or libsmf could not write it.
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
        ? "the header has 0 ticks per quarter note (byte \(offset)), so that no event has a time"
        : "the header's time division 0x\(String(value, radix: 16)) (byte \(offset)) is invalid"
    case .noSequence(let number, let count):
      "there is no sequence \(number); the file has \(count == 1 ? "one" : "\(count)")"
    case .damaged(let kind, let offset):
      "\(kind.explanation) at byte \(offset); without --strict it is repaired"
    case .unwritable(let reason): "cannot be written as a MIDI file: \(reason)"
    }
  }
}
