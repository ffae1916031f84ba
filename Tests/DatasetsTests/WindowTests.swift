import Datasets
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct WindowTests {
  private let data: TestDataset
  private var dataset: Dataset { data.dataset }

  init() throws { data = try TestDataset(seeds: 0..<40) }

  private static let lengths = [2, 3, 7, 32, 512]
  private static let plain = Windows.Treatment(augmentation: .none)

  /// The windows of a piece, joined, are the piece except for passages in which no note starts, and each has the
  /// keyboard state that results from all tokens before it.
  @Test(arguments: lengths, [nil, 0, 1, 2])
  func windowsAreThePieces(length: Int, epoch: Int?) throws {
    let windows =
      epoch.map { Windows.epoch($0, of: dataset, length: length, seed: 7, Self.plain) }
      ?? Windows.heldOut(of: dataset, length: length)
    var found: [Piece: [Int]] = [:]
    for index in windows.indices { found[windows.piece(at: index), default: []].append(index) }
    var begun = 0
    for piece in dataset.pieces(epoch == nil ? .valid : .train) {
      let tokens = dataset.withTokens(of: piece) { Array($0) }
      var place = 0
      for index in (found[piece] ?? []).sorted(by: { windows.offset(at: $0) < windows.offset(at: $1) }) {
        let (window, offset) = (windows[index], windows.offset(at: index))
        #expect((1...length).contains(window.tokens.count))
        try #require(offset >= place && !tokens[place..<offset].contains { $0 < 128 })
        let music = window.tokens.filter { $0 < 774 }
        place = offset + music.count
        #expect(tokens[offset..<place] == music[...], "\(piece.path), token \(offset)")
        let isEnd = place == tokens.count && music.count < length
        #expect(window.tokens == music + (isEnd ? [Token.endOfPiece] : []))
        #expect(window.start == KeyboardState(after: tokens[..<offset]))
        if !window.start.sounding.isEmpty { begun += 1 }
      }
      #expect(!tokens[place...].contains { $0 < 128 })
    }
    #expect(length == 512 || begun > 20, "too few windows begin while notes sound")
  }

  @Test("a single piece has the same windows as in a dataset", arguments: [2, 31, 512]) func consecutive(length: Int) {
    let pieces = dataset.pieces(.valid).map { piece in dataset.withTokens(of: piece) { Array($0) } }
    let windows = pieces.flatMap { Windows.consecutive(of: $0, length: length) }
    #expect(windows == Array(Windows.heldOut(of: dataset, length: length)))
    #expect(length == 2 || windows.contains { $0.tokens.last == Token.endOfPiece })
    #expect(Windows.consecutive(of: [], length: length).isEmpty)
  }

  @Test(arguments: lengths)
  func changingNothingGivesTheSameWindows(length: Int) {
    let plain = Windows.epoch(1, of: dataset, length: length, seed: 3, Self.plain)
    // This tempo change is applied, but rounds to no change.
    let tempo = Windows.Treatment(augmentation: Augmentation(semitones: 0...0, tempo: 0.0001, levels: 0))
    #expect(Array(plain) == Array(Windows.epoch(1, of: dataset, length: length, seed: 3, tempo)))
  }
}
