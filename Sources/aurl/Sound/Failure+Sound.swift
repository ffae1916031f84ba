import Audio
import MusicCore
import Synthesis
import Terminal

extension Failure {
  /// - Parameter subject: the name of the result.
  init(_ error: AudioError, subject: String) {
    switch error {
    case .file(let error): self.init(error)
    case .unsupported: self.init(.usage, subject, "\(error)")
    case .library:
      self.init(.inputOutput, subject, "\(error)")
      losesResult = true
    }
  }

  /// A rendering that failed.
  init(_ error: Rendering.Failure, of rendering: Rendering) {
    switch error {
    case .synthesis(let error): self.init(error, subject: rendering.input)
    case .audio(let error): self.init(error, subject: rendering.output.name)
    case .startIsTooLate(let start, let end):
      self.init(.usage, rendering.input, "--start \(start.rawValue) is not before the end, at \(end.rawValue) s")
    }
  }

  /// - Parameter subject: the name of the input.
  init(_ error: SynthesisError, subject: String) {
    switch error {
    case .soundFontMissing(let path, _):
      self.init(.unavailable, path, "\(error); see `aurl soundfonts`, or name another with --soundfont")
    case .soundFontBroken(let path, _):
      self.init(.malformedInput, path, "\(error); see `aurl soundfonts`, or name another with --soundfont")
    case .synthesizer: self.init(.unavailable, nil, "\(error)")
    case .noSoundDevice:
      self.init(
        .unavailable, nil,
        "\(error); name one with --audio, play on a MIDI port with --to, or make a file with `aurl render`")
    case .noNotes, .tooLong: self.init(.malformedInput, subject, "\(error)")
    }
  }
}
