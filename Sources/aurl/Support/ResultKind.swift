import Audio
import Files
import MusicTokens
import Takes
import Terminal

/// The kind of a result by its extension.
enum ResultKind: Equatable {
  case midi
  case tokens(TokenFile.Format)
  case sound(AudioFormat.Container)
  /// Notation, by its extension.
  case notation(String)
  /// An HTML page.
  case page
  /// A table, in CSV.
  case table

  /// The kind of `.txt` and `.json` files.
  static let text = ResultKind.tokens(.ids)
  static let json = ResultKind.tokens(.json)

  /// Nil if there is no extension, or an unknown one.
  init?(path: String?) {
    guard let path else { return nil }
    let fileExtension = path.fileExtension.lowercased()
    if let container = AudioFormat.Container(path: path) {
      self = .sound(container)
    } else if NotationFormat.extensions.contains(fileExtension) {
      self = .notation(fileExtension)
    } else if ["html", "htm"].contains(fileExtension) {
      self = .page
    } else if fileExtension == "csv" {
      self = .table
    } else {
      switch TakeFormat(path: path) {
      case .midi: self = .midi
      case .tokens(let format): self = .tokens(format)
      case nil: return nil
      }
    }
  }

  /// The failure of a command whose result is of another kind.
  ///
  /// - Parameters:
  ///   - path: the given name of the result.
  ///   - result: the actual kind, such as "MIDI".
  func contradiction(_ path: String?, _ result: String) -> Failure {
    let (what, command) =
      switch self {
      case .midi: ("MIDI", "")
      case .tokens(let format): ("tokens (\(format.rawValue))", "; `aurl encode` makes tokens")
      case .sound(let container): (container.rawValue, "; `aurl render` makes sound")
      case .notation(let name): (name, "; `aurl notate` makes notation")
      case .page: ("a page", "; `aurl analyze --html` makes pages")
      case .table: ("a table", "; `aurl analyze --csv` makes tables")
      }
    return Failure(.usage, path, "the extension says \(what), but the result is \(result)\(command)")
  }

  /// Rejects a name for a MIDI file with the extension of another format.
  static func checkMIDI(_ path: String?) throws(Failure) { try check(path, "MIDI", [.midi]) }

  /// Rejects a name for a result with the extension of another format.
  ///
  /// - Parameters:
  ///   - result: The actual kind.
  ///   - kinds: The kinds that its extension may name; unknown extensions are always allowed.
  static func check(_ path: String?, _ result: String, _ kinds: [ResultKind]) throws(Failure) {
    if let kind = ResultKind(path: path), !kinds.contains(kind) { throw kind.contradiction(path, result) }
  }
}
