package import Files
package import Generation
package import MIDIFiles
package import MusicTokens
package import Synthesis

/// Why a take could not be generated or written.
package enum TakeError: Error {
  case generation(GenerationError, model: String)
  /// The generated tokens need a repair, which the grammar should have prevented.
  case repair(TokenRepair)
  /// The generated music cannot be encoded again.
  case encoding(TokenEncodingError)
  case midi(MIDIFileError, path: String)
  case file(FileError)
  case rendering(Rendering.Failure, Rendering)
}
