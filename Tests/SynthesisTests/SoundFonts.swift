import Synthesis

/// The soundfonts used in tests: the one of this checkout and, if there is one, that of the system.
enum TestSoundFonts {
  static let shipped: String = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/soundfonts/aurl.sf2"
  }()

  static let all: [String] = {
    let system = SoundFontCatalog(dataFolder: nil).soundFonts.first {
      $0.origin == .system && (try? $0.header()) != nil
    }
    let shipped = SoundFont(path: Self.shipped, origin: .shipped)
    return ((try? shipped.header()) != nil ? [shipped.path] : []) + (system.map { [$0.path] } ?? [])
  }()

  /// A soundfont for tests that do not depend on its sounds.
  static let any = all[0]
}
