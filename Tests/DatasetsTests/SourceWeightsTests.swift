import Datasets
import Foundation
import MusicFeatures
import TestSupport
import Testing

@Suite struct SourceWeightsTests {
  @Test(
    arguments: [
      ("keyboard/a.mid", 4), ("keyboard2/a.mid", 1), ("keyboard2/train/quartets/b.mid", 0.25), ("keyboard2/train", 0.5),
      ("songs/x", 0), ("other", 1), ("keyboard", 4), ("", 1), ("a=b/c.mid", 3), ("my songs/c.mid", 2),
    ] as [(String, Double)]) func theLongestNameCounts(path: String, weight: Double) throws
  {
    let weights = try #require(
      SourceWeights("keyboard=4,keyboard2/train/quartets=.25, keyboard2/train/ = 0.5 ,songs=0,a=b=3,my songs=2"))
    #expect(weights.weight(ofPath: path) == weight)
  }

  @Test(arguments: [
    "keyboard", "=2", "/=2", "keyboard=", "keyboard=many", "keyboard=-1", "keyboard=1001", "keyboard=nan",
    "keyboard=inf",
    "a=1,a=2", "a=1,a/=2", "a=1,b", "a==",
  ]) func otherTextIsRefused(text: String) { #expect(SourceWeights(text) == nil, "\(text)") }

  @Test(arguments: ["", "a=0", "b/c=1000, a=0.125", "a=1e-3,ä ö=2"]) func theDescriptionReadsBack(text: String)
    throws
  {
    let weights = try #require(SourceWeights(text))
    #expect(SourceWeights(weights.description) == weights)
    #expect(try JSONDecoder().decode(SourceWeights.self, from: JSONEncoder().encode(weights)) == weights)
  }

  @Test func withoutNamesAllAreAlike() throws {
    #expect(SourceWeights("") == .equal && SourceWeights.equal.description == "")
    #expect(SourceWeights.equal.weight(ofPath: "any") == 1)
    #expect(SourceWeights("a=1, b=2") == SourceWeights("b=2,a=1") && SourceWeights("a=1") != SourceWeights("a=2"))
    #expect(SourceWeights("b=2, a=1")?.description == "a=1.0, b=2.0")
  }

  /// A piece occurs in an epoch as often as its weight says, whole and with new cuts each time: 0 leaves it out, 2.5
  /// means 2 or 3 times.
  @Test func anEpochHasPiecesByTheirWeights() throws {
    let data = try TestDataset(seeds: 0..<12)
    let weights = try #require(SourceWeights("piece 0=0,piece 1=2.5,piece 2=2,piece 4=0.3"))
    let treatment = Windows.Treatment(augmentation: .none, weights: weights)
    var copies: [String: [Int]] = [:]
    for epoch in 0..<400 {
      let windows = Windows.epoch(epoch, of: data.dataset, length: 64, seed: 2, treatment)
      var notes: [String: Int] = [:]
      for index in windows.indices {
        notes[windows.piece(at: index).path, default: 0] += windows[index].tokens.count { $0 < 128 }
      }
      for piece in data.dataset.pieces(.train) {
        let (count, rest) = notes[piece.path, default: 0].quotientAndRemainder(dividingBy: piece.notes)
        #expect(rest == 0)
        copies[piece.path, default: []].append(count)
      }
    }
    func mean(_ path: String) -> Double { Double((copies[path] ?? []).reduce(0, +)) / 400 }
    #expect(mean("piece 0") == 0 && mean("piece 2") == 2 && mean("piece 5") == 1)
    #expect(Set(copies["piece 1"] ?? []) == [2, 3] && abs(mean("piece 1") - 2.5) < 0.1)
    #expect(Set(copies["piece 4"] ?? []) == [0, 1] && abs(mean("piece 4") - 0.3) < 0.1)
    // Copies are cut at different places.
    let piece = try #require(data.dataset.pieces(.train).first { $0.path == "piece 2" })
    let windows = Windows.epoch(0, of: data.dataset, length: 64, seed: 2, treatment)
    let offsets = windows.indices.filter { windows.piece(at: $0) == piece }.map(windows.offset)
    #expect(Set(offsets).count > offsets.count * 2 / 3, "\(offsets)")
  }

  @Test func heldOutMusicIsNotWeighted() throws {
    let data = try TestDataset(seeds: 0..<12)
    let windows = Windows.heldOut(of: data.dataset, length: 64)
    #expect(Set(windows.indices.map { windows.piece(at: $0).path }) == Set(data.dataset.pieces(.valid).map(\.path)))
  }
}
