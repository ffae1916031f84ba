import Datasets
import MusicTokens
import TestSupport
import Testing

@Suite struct WindowTests {
  private let data: TestDataset
  private var dataset: Dataset { data.dataset }

  init() throws { data = try TestDataset(seeds: 0..<40) }

  private static let lengths = [2, 3, 7, 32, 512]

  /// Every note of the split starts in exactly one window, with its pitch, level, length and distance to the others.
  @Test(arguments: lengths, [nil, 0, 1, 2])
  func windowsHaveTheNotesOfThePieces(length: Int, epoch: Int?) throws {
    let windows =
      epoch.map { Windows.epoch($0, of: dataset, length: length, seed: 7, augmentation: .none) }
      ?? Windows.heldOut(of: dataset, length: length)
    var found: [Piece: [Int]] = [:]
    for index in windows.indices { found[windows.piece(at: index), default: []].append(index) }
    for piece in dataset.pieces(epoch == nil ? .valid : .train) {
      let all = try #require(dataset.withTokens(of: piece) { WindowNote.notes(of: Array($0)) })
      var start = 0
      for index in (found[piece] ?? []).sorted(by: { windows.offset(at: $0) < windows.offset(at: $1) }) {
        let window = windows[index]
        #expect((2...length).contains(window.count))
        let music = window.last == Windows.endOfPiece ? window.dropLast() : window[...]
        let notes = try #require(WindowNote.notes(of: Array(music)))
        #expect(Self.isPart(notes, of: all, from: start), "\(piece.path), token \(windows.offset(at: index))")
        start += notes.count
      }
      #expect(start == all.count)
    }
  }

  @Test("a piece alone has the windows that it has in a dataset", arguments: [2, 31, 512]) func consecutive(length: Int)
  {
    let pieces = dataset.pieces(.valid).map { piece in dataset.withTokens(of: piece) { Array($0) } }
    let windows = pieces.flatMap { Windows.consecutive(of: $0, length: length) }
    #expect(windows == Array(Windows.heldOut(of: dataset, length: length)))
    #expect(length == 2 || windows.contains { $0.last == Windows.endOfPiece })
    #expect(Windows.consecutive(of: [], length: length).isEmpty)
  }

  private static func isPart(_ notes: [WindowNote], of all: [WindowNote], from start: Int) -> Bool {
    guard start + notes.count <= all.count else { return false }
    let origin = all[start].onset
    return zip(notes, all[start...]).allSatisfy { note, original in
      note.onset == original.onset - origin && note.pitch == original.pitch && note.level == original.level
        && (note.end == nil || note.end == original.end.map { $0 - origin })
    }
  }

  @Test(arguments: lengths)
  func changingNothingGivesTheSameWindows(length: Int) {
    let plain = Windows.epoch(1, of: dataset, length: length, seed: 3, augmentation: .none)
    let tempo = Augmentation(semitones: 0...0, tempo: 0.0001, levels: 0)  // rounds to no change, but is made
    #expect(Array(plain) == Array(Windows.epoch(1, of: dataset, length: length, seed: 3, augmentation: tempo)))
  }
}
