internal import Archives

/// Why a file cannot be read as MusicXML.
public enum MusicXMLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is not MusicXML; with the reason.
  case notMusicXML(String)
  /// The XML is malformed, at a byte of the text.
  case malformed(String, offset: Int)
  /// The archive of an .mxl file cannot be unpacked.
  case badArchive(String)
  /// The score exceeds a limit of the reader.
  case tooLarge(String)

  public var description: String {
    switch self {
    case .notMusicXML(let what): "not a MusicXML score: \(what)"
    case .malformed(let what, let offset): "malformed XML: \(what), at byte \(offset)"
    case .badArchive(let what): "a compressed MusicXML file that cannot be unpacked: \(what)"
    case .tooLarge(let what): "too large: \(what)"
    }
  }

  init(_ error: ArchiveError) { self = .badArchive(error.description) }
}
