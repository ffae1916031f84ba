import ArgumentParser
import Synthesis
import Terminal
import Text

struct ListSoundFonts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soundfonts",
    abstract: "List the soundfonts of this machine, and which one is used.",
    discussion: helpText(
      [
        "Which soundfonts are found, and which is used": "aurl soundfonts"
      ],
      """
      They are looked for in this order: --soundfont, the environment variable AURL_SOUNDFONT, the user's data \
      folder, the system's folders, and the one that comes with aurl.
      """))

  @Option(help: "The soundfont that would be asked for.", completion: .soundFont)
  var soundfont: String?

  @OptionGroup var printing: JSONOptions

  func run() async throws {
    let catalog = SoundFontCatalog.standard
    let used = try? catalog.choose(named: soundfont)
    var fonts = catalog.soundFonts
    if let soundfont, !fonts.contains(where: { $0.path == used?.path }) {
      fonts.insert(SoundFont(path: used?.path ?? soundfont, origin: .named), at: 0)
    }
    let entries = fonts.map { SoundFontEntry($0, isUsed: $0.path == used?.path) }
    for entry in entries { try Output.print(printing.isJSON ? JSONText.line(entry) : entry.line) }
    // What is listed is worth seeing even where nothing can be used.
    do throws(SynthesisError) { _ = try catalog.choose(named: soundfont) } catch { throw Failure(error, subject: "") }
  }
}
