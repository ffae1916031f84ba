internal import Datasets
internal import Files
internal import MIDIFiles
internal import MusicFeatures
internal import MusicTokens

/// The tokens of MIDI files, to compare engines on.
struct Music {
  /// The tokens of each piece.
  let pieces: [[UInt16]]

  /// - Parameter folder: a folder of MIDI files.
  init(folder: String) throws {
    let files = try Folder.names(in: folder).filter { $0.hasSuffix(".mid") }.sorted()
    pieces = try files.map { file in
      try TokenEncoder().encode(MIDIFile(path: folder + "/" + file).score).map(\.rawValue)
    }
  }

  /// All windows of all pieces.
  func windows(length: Int) -> [TokenWindow] { pieces.flatMap { Windows.consecutive(of: $0, length: length) } }

  /// The tokens of all pieces in sequence, separated by EOS.
  func stream(_ count: Int) -> TokenWindow {
    TokenWindow(tokens: Array(pieces.joined(separator: [Token.endOfPiece]).prefix(count)))
  }
}
