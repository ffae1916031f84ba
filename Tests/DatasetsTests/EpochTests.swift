import Datasets
import Foundation
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

/// Epochs and batches depend only on the seed and the position.
@Suite struct EpochTests {
  private let data: TestDataset
  private var dataset: Dataset { data.dataset }

  init() throws { data = try TestDataset(seeds: 0..<24) }

  private func cuts(_ windows: Windows) -> [String] {
    windows.indices.map { "\(windows.piece(at: $0).path) \(windows.offset(at: $0))" }
  }

  @Test func anEpochIsTheSameForItsSeedAndNumber() {
    let first = Windows.epoch(4, of: dataset, length: 50, seed: 9)
    #expect(Array(first) == Array(Windows.epoch(4, of: dataset, length: 50, seed: 9)))
    // A window does not depend on those that were read before it.
    let again = Windows.epoch(4, of: dataset, length: 50, seed: 9)
    for index in again.indices.reversed() { #expect(again[index] == first[index]) }
    #expect(Array(first) != Array(Windows.epoch(4, of: dataset, length: 50, seed: 10)))
    #expect(Array(first) != Array(Windows.epoch(5, of: dataset, length: 50, seed: 9)))
  }

  @Test func anEpochIsShuffledAndHasEachWindowOnce() {
    let cuts = cuts(Windows.epoch(0, of: dataset, length: 50, seed: 9))
    #expect(Set(cuts).count == cuts.count)
    #expect(cuts != cuts.sorted())
    let pieces = cuts.map { $0.prefix { $0 != "," } }
    let neighbors = zip(pieces, pieces.dropFirst()).count {
      $0.split(separator: " ")[1] == $1.split(separator: " ")[1]
    }
    #expect(neighbors < cuts.count / 3)
  }

  /// Over many epochs a piece is cut at most of its note starts and ends, also far from its beginning.
  @Test func cutsDifferBetweenEpochs() throws {
    let piece = try #require(dataset.pieces(.train).max { $0.tokens < $1.tokens })
    let rear = piece.tokens / 2..<piece.tokens - 100
    var offsets: Set<Int> = []
    for epoch in 0..<1000 {
      let windows = Windows.epoch(epoch, of: dataset, length: 64, seed: 1, Windows.Treatment(augmentation: .none))
      for index in windows.indices where windows.piece(at: index) == piece { offsets.insert(windows.offset(at: index)) }
    }
    let events = dataset.withTokens(of: piece) { tokens in rear.count { tokens[$0] < 256 } }
    #expect(offsets.count(where: rear.contains) > events / 2, "of \(events)")
  }

  @Test func heldOutWindowsAreAsTheyAre() {
    let windows = Windows.heldOut(of: dataset, length: 64)
    #expect(Set(windows.indices.map { windows.piece(at: $0).path }) == Set(dataset.pieces(.valid).map(\.path)))
    #expect(cuts(windows) == cuts(Windows.heldOut(of: dataset, length: 64)))
    for (index, window) in windows.enumerated() where index + 1 < windows.count {
      let isLast = windows.piece(at: index) != windows.piece(at: index + 1)
      #expect(isLast || window.tokens.count == 64, "only the last window of a piece is not full")
    }
  }

  @Test func piecesEndOnceAnEpoch() {
    let windows = Windows.heldOut(of: dataset, length: 64, split: .train)
    let ends = windows.count { $0.tokens.last == Token.endOfPiece }
    // A piece has no end token if its last window is full, or if only note-offs remain after it.
    #expect((dataset.pieces(.train).count * 3 / 4...dataset.pieces(.train).count).contains(ends))
    #expect(windows.allSatisfy { $0.tokens.dropLast().allSatisfy { $0 < 774 } })
  }

  // MARK: Batches

  private func batches(_ size: Int, rank: Int = 0, of count: Int = 1, from position: Batches.Position = .init())
    -> Batches
  {
    Batches(of: dataset, size: size, length: 40, seed: 5, rank: rank, processCount: count, position: position)
  }

  @Test func batchesAreTheWindowsOfEpochAfterEpoch() {
    var batches = batches(7)
    let expected =
      Array(Windows.epoch(0, of: dataset, length: 40, seed: 5)) + Windows.epoch(1, of: dataset, length: 40, seed: 5)
    var found: [TokenWindow] = []
    while found.count + 7 <= expected.count { found += batches.next() }
    #expect(found == Array(expected.prefix(found.count)))
    #expect(batches.position.epoch == 1)
  }

  @Test func aContinuedSequenceIsTheSame() throws {
    var whole = batches(6)
    let count = 2 * whole.windowsInEpoch / 6 + 3
    let expected = (0..<count).map { _ in whole.next() }
    for stop in [0, 1, count / 2, count - 1] {
      var first = batches(6)
      let head = (0..<stop).map { _ in first.next() }
      let stored = try JSONEncoder().encode(first.position)
      var second = batches(6, from: try JSONDecoder().decode(Batches.Position.self, from: stored))
      #expect(head + (stop..<count).map { _ in second.next() } == expected)
    }
    var jumping = batches(6)
    let start = jumping.position
    for _ in 0..<count { _ = jumping.next() }
    jumping.position = start
    #expect(jumping.next() == expected[0])
  }

  @Test(arguments: [1, 2, 4])
  func processesShareTheBatches(count: Int) {
    var one = batches(8)
    var several = (0..<count).map { batches(8, rank: $0, of: count) }
    for _ in 0..<one.windowsInEpoch / 4 {
      #expect(one.next() == several.indices.flatMap { several[$0].next() })
    }
  }

  @Test func anotherLengthBeginsAnEpoch() {
    var batches = batches(4)
    _ = batches.next()
    batches.length = 24
    #expect(batches.position.epoch == 1 && batches.position.window == 0)
    let windows = Windows.epoch(1, of: dataset, length: 24, seed: 5)
    #expect(batches.next() == Array(windows.prefix(4)) && batches.windowsInEpoch == windows.count)
  }

  @Test func anotherTreatmentBeginsAnEpoch() throws {
    var batches = batches(4)
    _ = batches.next()
    let place = batches.position
    batches.treatment = Windows.Treatment()
    #expect(batches.position == place, "the treatment did not change")
    let weights = try #require(SourceWeights("piece 0=3,piece 1=0"))
    for treatment in [Windows.Treatment(weights: weights), Windows.Treatment(augmentation: .none, weights: weights)] {
      let epoch = batches.position.epoch + 1
      batches.treatment = treatment
      #expect(batches.position.epoch == epoch && batches.position.window == 0)
      let windows = Windows.epoch(epoch, of: dataset, length: 40, seed: 5, treatment)
      #expect(batches.next() == Array(windows.prefix(4)) && batches.windowsInEpoch == windows.count)
    }
    // Later epochs have the new treatment too.
    while batches.position.epoch < 3 { _ = batches.next() }
    let last = Windows.epoch(3, of: dataset, length: 40, seed: 5, batches.treatment)
    #expect(batches.windowsInEpoch == last.count)
  }
}
