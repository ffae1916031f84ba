import Files
import Synthesis

/// A soundfont as `aurl soundfonts` lists it.
struct SoundFontEntry: Encodable {
  var schema = "aurl-soundfont/1"
  var path: String
  var origin: String
  var name: String?
  var bytes: Int?
  /// Why it cannot be used.
  var problem: String?
  var used: Bool

  init(_ font: SoundFont, isUsed: Bool) {
    path = font.path
    origin = font.origin.rawValue
    used = isUsed
    do throws(SynthesisError) {
      let header = try font.header()
      name = header.name
      bytes = header.byteCount
    } catch { problem = "\(error)" }
  }

  /// An asterisk marks the one that is used.
  var line: String {
    let size = bytes.map { "\(($0 + 500_000) / 1_000_000) MB" }
    let facts = [name, size, origin, problem].compactMap { $0 }.joined(separator: ", ")
    return "\(used ? "*" : " ") \(printable(path))  (\(printable(facts)))"
  }
}
