import MIDIFiles
import MusicCore
import MusicTokens
import Terminal

extension Encode {
  /// Encodes one of several files.
  func convert(_ input: BatchInput, _ result: inout Conversion) throws(Failure) {
    let file = try Input.midi(input.path, options: selection.reading)
    try selection.check(file.score, path: input.path)
    result[.notes] = file.score.noteCount
    result[.repairs] = file.repairs.filter(\.kind.isDamage).reduce(0) { $0 + $1.count }
    for (name, tracks) in parts(of: file.score, named: input.result) {
      let tokens = try selection.tokens(of: file.score, path: input.path, tracks: tracks)
      result[.tokens] += tokens.count
      let bytes = TokenFile.bytes(of: tokens, from: file.score, path: input.path, format: format ?? .ids)
      try result.write(bytes, to: "\(name).\(fileExtension)")
    }
  }

  /// The token files of a score: one, or one per track with notes.
  private func parts(of score: Score, named name: String) -> [(name: String, tracks: Set<Int>?)] {
    guard perTrack else { return [(name, nil)] }
    let selected = selection.encoding.tracks
    return score.tracks.indices
      .filter { !score.tracks[$0].notes.isEmpty && selected?.contains($0) ?? true }
      .map { ("\(name).track\($0 + 1)", [$0]) }
  }

  private var fileExtension: String {
    switch format ?? .ids {
    case .ids, .names: "tokens"
    case .json: "json"
    case .npy: "npy"
    }
  }
}
