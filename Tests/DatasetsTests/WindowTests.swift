import Datasets
import MusicTokens
import TestSupport
import Testing

@Suite struct WindowTests {
  private static let data = try! TestDataset(seeds: 0..<40)
  private var dataset: Dataset { Self.data.dataset }

  private static let lengths = [2, 3, 7, 32, 512]

  /// Every note of the split starts in exactly one window, with its pitch, level, length and distance to the others.
  @Test(arguments: lengths, [nil, 0, 1, 2])
  func windowsHaveTheNotesOfThePieces(length: Int, epoch: Int?) throws {
    let windows =
      epoch.map { Windows.epoch($0, of: dataset, length: length, seed: 7, augmentation: .none) }
      ?? Windows.heldOut(of: dataset, length: length)
    var found: [Piece: [[WindowNote]]] = [:]
    for index in windows.indices {
      let window = windows[index]
      #expect((2...length).contains(window.count))
      let music = window.last == Windows.endOfPiece ? window.dropLast() : window[...]
      found[windows.piece(at: index), default: []].append(try #require(WindowNote.notes(of: Array(music))))
    }
    for piece in dataset.pieces(epoch == nil ? .valid : .train) {
      let all = try #require(dataset.withTokens(of: piece) { WindowNote.notes(of: Array($0)) })
      var rest = found[piece] ?? []
      #expect(rest.reduce(0) { $0 + $1.count } == all.count)
      // Windows come shuffled: put each where its notes are.
      var start = 0
      while start < all.count {
        let index = rest.firstIndex { Self.isPart($0, of: all, from: start) }
        start += rest.remove(at: try #require(index, "no window goes on at note \(start) of \(piece.path)")).count
      }
    }
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
