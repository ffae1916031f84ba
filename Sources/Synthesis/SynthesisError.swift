/// Errors of sound synthesis.
public enum SynthesisError: Error, Hashable, Sendable {
  /// There is no such soundfont; with the reason given by the system.
  case soundFontMissing(path: String, reason: String)
  /// The file is not a soundfont, or a damaged one; with the reason given by FluidSynth.
  case soundFontBroken(path: String, reason: String)
  /// FluidSynth could not be set up.
  case synthesizer(reason: String)
  /// There is no sound device to play on.
  case noSoundDevice(reason: String)
  /// The score has no notes.
  case noNotes
  /// The score is longer than can be rendered.
  case tooLong(hours: Double)
}

extension SynthesisError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .soundFontMissing(_, let reason): "soundfont cannot be opened: \(reason)"
    case .soundFontBroken(_, let reason): "not a soundfont that can be played: \(reason)"
    case .synthesizer(let reason): "FluidSynth cannot start: \(reason)"
    case .noSoundDevice(let reason): "no sound device to play on: \(reason)"
    case .noNotes: "holds no notes"
    case .tooLong(let hours):
      "lasts \(Int(hours.rounded(.up))) hours; at most \(OfflineRenderer.longestHours) can be rendered"
    }
  }
}
