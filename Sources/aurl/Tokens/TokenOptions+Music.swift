import Files
import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

extension TokenOptions {
  /// The canonical tokens of a MIDI or token file, independent of the program that wrote it, and the score of their notes.
  func music(_ path: String) throws(Failure) -> (tokens: [Token], score: Score) {
    switch try read(path) {
    case .midi(let file):
      try check(file.score, path: path)
      return (try tokens(of: file.score, path: path), file.score)
    case .tokens(let file):
      let score = try TokenDecoder(isStrict: strict).decode(file, path: path).score
      do throws(TokenEncodingError) { return (try TokenEncoder().encode(score), score) } catch {
        throw Failure(error, path: path)
      }
    }
  }

  /// Reads a file; one with a MIDI extension must be a MIDI file.
  private func read(_ path: String) throws(Failure) -> Input {
    guard BatchInput.Kind.midi.contains(path) else {
      return try Input(path: path, options: reading)
    }
    return .midi(try Input.midi(path, options: reading))
  }
}
