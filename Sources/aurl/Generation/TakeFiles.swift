import Audio
import Files
import MusicTokens
import Terminal

/// What the files of several takes are called.
struct TakeFiles {
  /// The path that the user named: of a file, or of a folder for several.
  var path: String
  /// How many takes there are.
  var count: Int
  /// The extension of files in a folder.
  var fileExtension: String

  /// Whether it names a folder: one that is there, or for several takes a name without extension.
  var isFolder: Bool { path != "-" && (Folder.exists(path) || count > 1 && path.fileExtension.isEmpty) }

  /// The path of a take, counted from 0: `DIR/take-07.mid`, `song-07.mid`, or the name itself where there is one take.
  func path(of index: Int) -> String {
    let digits = String(count).count
    let number = String(index + 1)
    let padded = String(repeating: "0", count: digits - number.count) + number
    if isFolder { return "\(path)\(path.hasSuffix("/") ? "" : "/")take-\(padded).\(fileExtension)" }
    return count == 1 ? path : "\(path.withoutExtension)-\(padded).\(path.fileExtension)"
  }
}

extension TakeFiles {
  /// What takes are written as; standard output gets MIDI.
  var format: TakeFormat {
    get throws(Failure) { path == "-" ? .midi : try TakeFormat(path: path(of: 0)) }
  }
}

/// What a take is written as.
enum TakeFormat: Equatable {
  case midi
  case tokens(TokenFile.Format)

  /// The format that an extension means.
  init(path: String) throws(Failure) {
    switch path.fileExtension.lowercased() {
    case "mid", "midi", "smf": self = .midi
    case "tokens", "ids", "txt": self = .tokens(.ids)
    case "names": self = .tokens(.names)
    case "json": self = .tokens(.json)
    case "npy": self = .tokens(.npy)
    default:
      throw Failure(
        .usage, path, "the extension says no format; use .mid, or .tokens, .names, .json or .npy for tokens")
    }
  }
}
