import MusicCore
import MusicTokens

/// The music that is analysed.
enum AnalysisInput {
  /// Reads MIDI or tokens, and says what had to be repaired.
  static func score(_ path: String, isQuiet: Bool) throws(Failure) -> Score {
    switch try Input(path: path) {
    case .midi(let file):
      if !isQuiet { Message.repairs(file.repairs, of: path) }
      return file.score
    case .tokens(let file):
      let decoded = try TokenDecoder().decode(file, path: path)
      if !isQuiet { Message.repairs(decoded.repairs, of: path) }
      return decoded.score
    }
  }
}
