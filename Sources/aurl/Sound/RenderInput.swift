import MIDIFiles
import MusicCore
import Synthesis
import Terminal

/// The music of a MIDI or token file to render and, of an RMID file, the soundfont inside.
struct RenderInput: Sendable {
  var score: Score
  var sounds: SoundFontOverlay?

  init(_ path: String, isQuiet: Bool) throws(Failure) {
    let bytes = try Input.bytes(of: path)
    let input = try Input(bytes: bytes, path: path)
    score = try input.score(path: path, isQuiet: isQuiet)
    guard case .midi(let file) = input, let font = file.soundFont else { return }
    do throws(MIDIFileError) {
      sounds = SoundFontOverlay(bytes: Array(try MIDIFile.unwrapped(bytes)[font.range]), bankOffset: font.bankOffset)
    } catch { throw Failure(error, path: path) }
    if !isQuiet { Message.note("\(Input.name(of: path)): the soundfont inside is used") }
  }
}
