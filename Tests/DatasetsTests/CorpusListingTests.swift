import Datasets
import Foundation
import MusicTokens
import TestSupport
import Testing

/// The files of a corpus, the split of each, and what a build makes of them.
@Suite struct CorpusListingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func listing(_ manifest: CorpusManifest? = nil, _ shares: SplitShares = SplitShares()) throws -> CorpusListing
  {
    try CorpusListing([folder.url.path], extensions: ["mid"], manifest: manifest, shares: shares)
  }

  @Test func aManifestSaysWhatIsHeldOut() throws {
    for name in ["a.mid", "b.mid", "c.mid", "work/d.mid"] { _ = try folder.write([], to: name) }
    let table = "group\tsplit\tpath\nX\tvalid\ta.mid\n\ttrain\tb.mid\n\nX\t\twork/d.mid\n"
    let listing = try listing(CorpusManifest(Array(table.utf8), path: "m.tsv"))
    #expect(listing.files.map(\.name) == ["a.mid", "b.mid", "work/d.mid"])
    #expect(
      listing.files.map(\.group) == ["X", "b.mid", "X"] && listing.files.map(\.split) == [.valid, .train, .train])
    #expect(listing.files.map(\.isSplitStated) == [true, true, false])
    #expect(listing.unlistedCount == 1 && listing.sharedWorks == ["X"])
  }

  @Test(arguments: [
    ("name\tsplit\n", "has no column \"path\""), ("path\tsplit\na.mid\ttrain\nb.mid\tdev\n", "line 3"),
    ("split\tpath\ntrain\t\n", "line 2 has no path"),
  ])
  func mistakesOfManifestsArePlaced(table: String, says: String) {
    let error = #expect(throws: DatasetError.self) { try CorpusManifest(Array(table.utf8), path: "m.tsv") }
    #expect(error?.path == "m.tsv" && error?.description.contains(says) == true)
  }

  @Test func foldersAreSplitsAndWorks() throws {
    for name in ["valid/x/1.mid", "train/x/1.mid", "y/2.mid", "3.mid", "z/test/4.mid"] {
      _ = try folder.write([], to: name)
    }
    let files = try listing().files
    #expect(files.map(\.name) == ["z/test/4.mid", "valid/x/1.mid", "train/x/1.mid", "3.mid", "y/2.mid"])
    #expect(files.map(\.group) == ["z/test/4.mid", "x", "x", "3.mid", "y"])
    #expect(files.map(\.split) == [.test, .valid, .train, .train, .train])
    let shared = try listing(nil, SplitShares(valid: 0.5, test: 0.5)).files
    #expect(
      shared.map(\.split).prefix(3) == [.test, .valid, .train]
        && shared.allSatisfy { $0.isSplitStated || $0.split != .train })
  }

  /// Changing the share of one split does not move works of the other.
  @Test func sharesMoveNoOtherWorks() {
    let names = (0..<1000).map { "work \($0)" }
    func works(_ shares: SplitShares, _ split: Split) -> [String] { names.filter { shares.split(ofWork: $0) == split } }
    let both = SplitShares(valid: 0.1, test: 0.2)
    #expect(works(both, .valid) == works(SplitShares(valid: 0.1), .valid))
    #expect(works(both, .test) == works(SplitShares(test: 0.2), .test))
    #expect((70...130).contains(works(both, .valid).count) && (150...250).contains(works(both, .test).count))
  }

  // MARK: Builds

  /// A resumed build keeps results as long as the file and its place in the corpus have not changed.
  @Test(arguments: ["", "split", "group", "name", "size", "modified"])
  func unchangedFilesAreNotBuiltAgain(change: String) throws {
    for name in ["a.mid", "b.mid", "c.mid"] { _ = try folder.write([1], to: name) }
    var files = try listing().files
    do {
      let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
      var build = try DatasetBuild(of: files, to: writer)
      for (seed, file) in files.enumerated() {
        let score = RandomWalk(UInt64(seed + 1), notes: 0..<60).score
        let outcome = DatasetBuild.Outcome(try TokenEncoder().encode(score), of: score, minimumNotes: 16)
        #expect(try build.add(outcome, of: file) == nil)
      }
    }
    switch change {
    case "split": files[1].split = .valid
    case "group": files[1].group = "other"
    case "name": files[1].name = "other"
    case "size": files[1].size = 2
    case "modified": files[1].modified += 1
    default: break
    }
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
    #expect(try DatasetBuild(of: files, to: writer).doneCount == (change.isEmpty ? 3 : 1))
  }

  @Test func whatIsLeftOutIsCountedByItsKind() throws {
    for name in ["a.mid", "b.mid", "c.mid", "d.mid"] { _ = try folder.write([], to: name) }
    let files = try listing().files
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
    var build = try DatasetBuild(of: files, to: writer)
    let score = RandomWalk(1, notes: 0..<60).score
    let music = try TokenEncoder().encode(score)
    let outcomes: [DatasetBuild.Outcome] = [
      .init(music, of: score, minimumNotes: 16), .init(music, of: score, minimumNotes: 16),
      .init(music, of: score, minimumNotes: 100), .init([], of: score, minimumNotes: 1),
    ]
    let reasons = try zip(outcomes, files).map { try build.add($0, of: $1) }
    let skipped = try build.finish().skipped
    #expect(reasons == [nil, "the same music as a.mid", "only \(music.count(where: \.isNoteOn)) notes", "no notes"])
    #expect(skipped == ["duplicate": 1, "too short": 2])
  }

  /// Builds a dataset of random walks, each in a file of its own.
  private func build(
    _ walks: [(name: String, walk: RandomWalk)], _ shares: SplitShares, shardLength: Int = 1 << 26
  ) throws -> (result: DatasetBuild.Result, dataset: Dataset) {
    for (name, _) in walks { _ = try folder.write([1], to: name) }
    let listing = try listing(nil, shares)
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: shardLength)
    var build = try DatasetBuild(of: listing.files, to: writer)
    for file in listing.files {
      let score = try #require(walks.first { $0.name == file.name }).walk.score
      _ = try build.add(DatasetBuild.Outcome(TokenEncoder().encode(score), of: score, minimumNotes: 16), of: file)
    }
    return (try build.finish(), try Dataset(path: folder.path("data")))
  }

  /// Music that occurs in many works is held out no more often than music that occurs once.
  @Test func duplicatesAreRemovedBeforeTheSplit() throws {
    let walks = (0..<40).flatMap { piece in
      (0..<12).map { (name: "\($0) \(piece)/a.mid", walk: RandomWalk(UInt64(piece), notes: 0..<60)) }
    }
    let shares = SplitShares(valid: 0.1)
    let (result, dataset) = try build(walks, shares)
    #expect(dataset.pieces.count == 40 && result.skipped == ["duplicate": 440])
    let kept = (0..<40).map { "0 \($0)" }
    #expect(
      Set(dataset.pieces(.valid).map(\.group)) == Set(kept.filter { shares.split(ofWork: $0) == .valid }))
    #expect((1...8).contains(dataset.pieces(.valid).count), "without duplicates removed first it would be 29")
    #expect(result.tokens[.valid] == dataset.pieces(.valid).reduce(0) { $0 + $1.tokens })
  }

  /// Files that share music with a held-out piece are left out of training even if they come first by name; the shards
  /// have no gaps.
  @Test func partsOfHeldOutMusicAreLeftOutAtTheEnd() throws {
    let excerpt = (name: "a/1.mid", walk: RandomWalk(5, notes: 20..<60))
    let other = (2...9).map { (name: "b/\($0).mid", walk: RandomWalk(UInt64($0) + 10, notes: 0..<60)) }
    let walks =
      [excerpt, (name: "test/5.mid", walk: RandomWalk(5))] + other
      + [(name: "valid/6.mid", walk: RandomWalk(5, notes: 100..<140)), (name: "valid/7.mid", walk: RandomWalk(7))]
    let (result, dataset) = try build(walks, SplitShares(), shardLength: 400)
    #expect(result.shared.map(\.path.lastPathComponent) == ["6.mid", "1.mid"])
    #expect(result.shared.allSatisfy { $0.reason == "it shares music with test/5.mid, which is kept for the test" })
    #expect(result.skipped == ["held out": 2])
    #expect(dataset.pieces.map(\.path) == ["test/5.mid", "valid/7.mid"] + other.map(\.name))
    #expect(dataset.firstDamagedPiece() == nil)
    #expect(
      folder.files.filter { $0.hasPrefix("data") }.allSatisfy {
        $0.hasPrefix("data/tokens-") || $0 == "data/index.jsonl"
      })
  }
}

extension String {
  fileprivate var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
