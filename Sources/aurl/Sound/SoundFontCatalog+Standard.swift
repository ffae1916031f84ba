import Synthesis
import Terminal

extension SoundFontCatalog {
  /// The soundfonts of this user and machine, and the one that comes with the program.
  static var standard: SoundFontCatalog {
    SoundFontCatalog(
      environment: Environment["AURL_SOUNDFONT"], dataFolder: Environment.dataFolder,
      shippedPaths: Environment.shippedFolders("soundfonts").map { "\($0)/aurl.sf2" })
  }
}
