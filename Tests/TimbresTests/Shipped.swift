import Files
import SoundFonts
import Timbres

/// The soundfont of the repository.
enum Shipped {
  static let path: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return parts.joined(separator: "/") + "/soundfonts/aurl.sf2"
  }()

  static let bytes = Result { try readBytes(ofFile: path) }
}

/// The soundfont built from the sources, once for all tests.
enum Built {
  static let font = Task { await Bank.soundFont() }
}
