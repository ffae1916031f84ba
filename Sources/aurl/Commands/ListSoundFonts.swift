import ArgumentParser
import Synthesis
import Terminal
import Text

struct ListSoundFonts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soundfonts",
    abstract: "List the installed soundfonts, and mark the one in use.",
    discussion: helpText(
      [
        "The soundfonts found, with an asterisk at the one in use": "aurl soundfonts"
      ],
      """
      Soundfonts are searched for in this order: --soundfont, the environment variable AURL_SOUNDFONT, the user's data \
      folder, the system's folders, and the one that comes with aurl.
      """))

  @Option(help: "Mark the soundfont that this name selects.", completion: .soundFont)
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
    // The list is useful even if no soundfont can be used, so this check comes last.
    do throws(SynthesisError) { _ = try catalog.choose(named: soundfont) } catch { throw Failure(error, subject: "") }
  }
}
