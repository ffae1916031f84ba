/// Errors of sound synthesis.
public enum SynthesisError: Error, Hashable, Sendable {
  /// There is no such soundfont; the reason is the system's.
  case soundFontMissing(path: String, reason: String)
  /// The file is no soundfont, or a damaged one; the reason is FluidSynth's.
  case soundFontBroken(path: String, reason: String)
  /// FluidSynth could not be set up.
  case synthesizer(reason: String)
  /// There is no sound device to play on.
  case noSoundDevice(reason: String)
  /// No note is in the score.
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
