import MIDIFiles
import MusicTokens
import Takes
import Terminal

extension Failure {
  /// A take that could not be generated or written.
  init(_ error: TakeError) {
    switch error {
    case .generation(_, let model): self.init(.malformedInput, model, ModelOptions.notNumbers)
    case .repair(let repair):
      self.init(.software, nil, "the model generated a token that needs a repair: \(repair.kind.explanation)")
    case .encoding(let error): self.init(.software, nil, "\(error)")
    case .midi(let error, let path): self.init(error, path: path)
    case .file(let error): self.init(error)
    case .rendering(let error, let rendering): self.init(error, of: rendering)
    }
  }
}
