/// A kind of deviation from the specification, or another peculiarity, and how the reader handled it.
public struct Repair: Hashable, Sendable {
  /// What was repaired.
  public var kind: Kind
  /// The byte offset in the file of its first occurrence.
  public var offset: Int
  /// The number of occurrences.
  public var count: Int

  /// Creates a repair.
  public init(kind: Kind, offset: Int, count: Int = 1) {
    self.kind = kind
    self.offset = offset
    self.count = count
  }

  /// The kinds of repair, named as in reports.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case leadingBytes, longHeader, shortHeader, unknownFormat, separateSequences, wrongTrackCount
    case alienChunk, junkBetweenTracks, trailingBytes
    case emptyTrack, wrongTrackLength, truncatedTrack, missingEndOfTrack, dataAfterEndOfTrack
    case truncatedEvent, wrongEventLength, longVariableLength, dataWithoutStatus, resumedRunningStatus, clampedDataByte
    case systemMessage, splitSystemExclusive
    case badTempo, badTimeSignature, badKeySignature
    case overlappingNote, zeroLengthNote, orphanNoteOff, hangingNote

    /// Whether it violates Standard MIDI Files 1.0, so that strict reading rejects the file; the others conform to the
    /// specification and are only reported.
    public var isDamage: Bool {
      switch self {
      case .longHeader, .separateSequences, .alienChunk, .splitSystemExclusive, .overlappingNote,
        .zeroLengthNote, .orphanNoteOff, .hangingNote:
        false
      default: true
      }
    }

    /// An explanation for users.
    public var explanation: String {
      switch self {
      case .leadingBytes: "bytes before the header skipped"
      case .longHeader: "header longer than 6 bytes"
      case .shortHeader: "header length under 6 bytes"
      case .unknownFormat: "format over 2, read as format 1"
      case .separateSequences: "independent sequences of a format 2 file, of which one is read"
      case .wrongTrackCount: "more or fewer tracks than announced"
      case .alienChunk: "chunk that is not a track skipped"
      case .junkBetweenTracks: "bytes between tracks skipped"
      case .trailingBytes: "bytes after the last track ignored"
      case .emptyTrack: "track without a single event"
      case .wrongTrackLength: "wrong track length"
      case .truncatedTrack: "track cut short by the end of the file"
      case .missingEndOfTrack: "track without end-of-track"
      case .dataAfterEndOfTrack: "bytes after end-of-track ignored"
      case .truncatedEvent: "event cut short"
      case .wrongEventLength: "wrong event length"
      case .longVariableLength: "variable-length number over 4 bytes clamped"
      case .dataWithoutStatus: "data bytes without a status skipped"
      case .resumedRunningStatus: "running status resumed after a meta, SysEx or system event"
      case .clampedDataByte: "data byte over 127 clamped"
      case .systemMessage: "system common or real-time message skipped"
      case .splitSystemExclusive: "system exclusive message in several packets joined"
      case .badTempo: "tempo of wrong length or zero ignored"
      case .badTimeSignature: "impossible time signature ignored"
      case .badKeySignature: "impossible key signature ignored"
      case .overlappingNote: "note that starts while the same pitch sounds on its channel"
      case .zeroLengthNote: "note of no length"
      case .orphanNoteOff: "note-off without its note ignored"
      case .hangingNote: "note never ended, closed at the end of its track"
      }
    }
  }
}

/// Counts repairs by kind, so that a file full of them costs no more memory than a file with one of each.
final class RepairLog {
  /// One of each kind; searched linearly, because there are few kinds.
  private var found: [Repair] = []
  private let isStrict: Bool

  init(isStrict: Bool) { self.isStrict = isStrict }

  /// Records a repair, or throws if it is damage and reading is strict.
  func note(_ kind: Repair.Kind, at offset: Int, count: Int = 1) throws(MIDIFileError) {
    if isStrict, kind.isDamage { throw .damaged(kind, offset: offset) }
    if let index = found.firstIndex(where: { $0.kind == kind }) {
      found[index].count += count
    } else {
      found.append(Repair(kind: kind, offset: offset, count: count))
    }
  }

  /// Subtracts occurrences that turned out not to need a repair; the offset of the first one stays.
  func remove(_ kind: Repair.Kind, count: Int) {
    guard let index = found.firstIndex(where: { $0.kind == kind }) else { return }
    found[index].count -= count
    if found[index].count <= 0 { found.remove(at: index) }
  }

  /// The repairs in the order of the file.
  var repairs: [Repair] { found.sorted { $0.offset < $1.offset } }
}
