internal import Datasets
package import MusicTokens

/// The music of an evaluation, held-out or for training: pieces as token ids.
package struct EvaluationMusic: Sendable {
  /// The folder that it comes from.
  package var path: String
  package var pieces: [[UInt16]] = []
  /// The number of files that could not be read or have no notes.
  package var skipped = 0

  package init(path: String) { self.path = path }

  /// All pieces in windows of at most `length` tokens.
  func windows(length: Int) -> [HeldOutWindow] {
    pieces.enumerated().flatMap { number, tokens in
      Windows.consecutive(of: tokens, length: length).map { HeldOutWindow($0, piece: number) }
    }
  }

  package var tokens: [[Token]] { pieces.map { $0.compactMap(Token.init(rawValue:)) } }
}
