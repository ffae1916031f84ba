internal import Files
package import MusicTokens

/// The names of the files of several takes.
package struct TakeFiles: Sendable {
  /// The given path: of a file, or of a folder for several; `-` for standard output.
  package var path: String
  /// The number of takes.
  package var count: Int
  /// The extension of files in a folder.
  package var fileExtension: String

  package init(path: String, count: Int, fileExtension: String) {
    self.path = path
    self.count = count
    self.fileExtension = fileExtension
  }

  /// Whether the path is that of a folder: an existing one, one that ends in a slash or, for several takes, a path
  /// without an extension. A suffix without a letter, as in `takes-0.9`, is not an extension.
  private var isFolder: Bool {
    guard path != "-" else { return false }
    return path.hasSuffix("/") || Folder.exists(path) || count > 1 && !path.fileExtension.contains(where: \.isLetter)
  }

  /// The path of a take, counted from 0: `DIR/take-07.mid`, `song-07.mid`, or the given path for a single take.
  package func path(of index: Int) -> String {
    let digits = String(count).count
    let number = String(index + 1)
    let padded = String(repeating: "0", count: digits - number.count) + number
    if isFolder { return "\(path)\(path.hasSuffix("/") ? "" : "/")take-\(padded).\(fileExtension)" }
    return count == 1 ? path : "\(path.withoutExtension)-\(padded).\(path.fileExtension)"
  }
}

extension TakeFiles {
  /// The format of the files; MIDI for standard output. Nil if the extension names no format.
  package var format: TakeFormat? { path == "-" ? .midi : TakeFormat(path: path(of: 0)) }
}

/// The file format of a take.
package enum TakeFormat: Hashable, Sendable {
  case midi
  case tokens(TokenFile.Format)

  /// The format of a file extension; nil if it names none.
  package init?(path: String) {
    switch path.fileExtension.lowercased() {
    case "mid", "midi", "smf": self = .midi
    case "tokens", "ids", "txt": self = .tokens(.ids)
    case "names": self = .tokens(.names)
    case "json": self = .tokens(.json)
    case "npy": self = .tokens(.npy)
    default: return nil
    }
  }
}
