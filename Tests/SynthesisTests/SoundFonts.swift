import Synthesis

/// The soundfonts that the tests listen to: the one of this checkout and, where there is one, the system's.
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

  /// One for what does not depend on the sounds.
  static let any = all[0]
}
