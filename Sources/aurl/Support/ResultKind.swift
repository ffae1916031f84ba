import Audio
import Files
import MusicTokens
import Takes
import Terminal

/// What the extension of a result says that it is.
enum ResultKind: Equatable {
  case midi
  case tokens(TokenFile.Format)
  case sound(AudioFormat.Container)
  /// Notation, by its extension.
  case notation(String)
  /// A page for a browser.
  case page

  /// What `.txt` and `.json` are too.
  static let text = ResultKind.tokens(.ids)
  static let json = ResultKind.tokens(.json)

  /// Nil where there is no extension, or one that is not known.
  init?(path: String?) {
    guard let path else { return nil }
    let fileExtension = path.fileExtension.lowercased()
    if let container = AudioFormat.Container(path: path) {
      self = .sound(container)
    } else if NotationFormat.extensions.contains(fileExtension) {
      self = .notation(fileExtension)
    } else if ["html", "htm"].contains(fileExtension) {
      self = .page
    } else {
      switch TakeFormat(path: path) {
      case .midi: self = .midi
      case .tokens(let format): self = .tokens(format)
      case nil: return nil
      }
    }
  }

  /// The failure of a command whose result is something else.
  ///
  /// - Parameters:
  ///   - path: the name that was given to the result.
  ///   - result: what it is, such as "MIDI".
  func contradiction(_ path: String?, _ result: String) -> Failure {
    let (what, command) =
      switch self {
      case .midi: ("MIDI", "")
      case .tokens(let format): ("tokens (\(format.rawValue))", "; `aurl encode` makes tokens")
      case .sound(let container): (container.rawValue, "; `aurl render` makes sound")
      case .notation(let name): (name, "; `aurl notate` makes notation")
      case .page: ("a page", "; `aurl analyze --html` makes pages")
      }
    return Failure(.usage, path, "the extension says \(what), and the result is \(result)\(command)")
  }

  /// Refuses the name of a MIDI file that says that it is something else.
  static func checkMIDI(_ path: String?) throws(Failure) { try check(path, "MIDI", [.midi]) }

  /// Refuses the name of a result that says that it is something else.
  ///
  /// - Parameters:
  ///   - result: What it is.
  ///   - kinds: The kinds that it may be by its extension, besides those that are not known.
  static func check(_ path: String?, _ result: String, _ kinds: [ResultKind]) throws(Failure) {
    if let kind = ResultKind(path: path), !kinds.contains(kind) { throw kind.contradiction(path, result) }
  }
}
