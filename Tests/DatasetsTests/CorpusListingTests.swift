import Datasets
import Foundation
import MusicTokens
import TestSupport
import Testing

/// Which files of a corpus there are, which split each is in, and what becomes of them.
@Suite struct CorpusListingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func listing(_ manifest: CorpusManifest? = nil, validShare: Double = 0) throws -> CorpusListing {
    try CorpusListing([folder.url.path], extensions: ["mid"], manifest: manifest, validShare: validShare)
  }

  @Test func aManifestSaysWhatIsHeldOut() throws {
    for name in ["a.mid", "b.mid", "c.mid", "work/d.mid"] { _ = try folder.write([], to: name) }
    let table = "group\tsplit\tpath\nX\tvalid\ta.mid\n\ttrain\tb.mid\n\nX\t\twork/d.mid\n"
    let listing = try listing(CorpusManifest(Array(table.utf8), path: "m.tsv"))
    #expect(listing.files.map(\.name) == ["a.mid", "b.mid", "work/d.mid"])
    #expect(
      listing.files.map(\.group) == ["X", "b.mid", "X"] && listing.files.map(\.split) == [.valid, .train, .train])
    #expect(listing.unlistedCount == 1 && listing.sharedWorks == ["X"])
  }

  @Test(arguments: [
    ("name\tsplit\n", "names no column \"path\""), ("path\tsplit\na.mid\ttrain\nb.mid\ttest\n", "line 3"),
    ("split\tpath\ntrain\t\n", "line 2 has no path"),
  ])
  func mistakesOfManifestsArePlaced(table: String, says: String) {
    let error = #expect(throws: DatasetError.self) { try CorpusManifest(Array(table.utf8), path: "m.tsv") }
    #expect(error?.path == "m.tsv" && error?.description.contains(says) == true)
  }

  @Test func foldersAreSplitsAndWorks() throws {
    for name in ["valid/x/1.mid", "train/x/1.mid", "y/2.mid", "3.mid"] { _ = try folder.write([], to: name) }
    let files = try listing().files
    #expect(files.map(\.name) == ["valid/x/1.mid", "3.mid", "train/x/1.mid", "y/2.mid"])
    #expect(files.map(\.group) == ["x", "3.mid", "x", "y"])
    #expect(try listing(validShare: 1).files.count { $0.split == .valid } == 3)
  }

  // MARK: Builds

  /// What was done before stays where a file and its place in the corpus are the same.
  @Test(arguments: ["", "split", "group", "name", "size"]) func whatIsDoneStays(change: String) throws {
    for name in ["a.mid", "b.mid", "c.mid"] { _ = try folder.write([1], to: name) }
    var files = try listing().files
    do {
      let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
      var build = try DatasetBuild(of: files, to: writer)
      for (seed, file) in files.enumerated() {
        let tokens = try TokenEncoder().encode(RandomWalk(UInt64(seed + 1), notes: 0..<60).score)
        #expect(try build.add(DatasetBuild.Outcome(tokens, minimumNotes: 16), of: file) == nil)
      }
    }
    switch change {
    case "split": files[1].split = .valid
    case "group": files[1].group = "other"
    case "name": files[1].name = "other"
    case "size": files[1].size = 2
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
    let music = try TokenEncoder().encode(RandomWalk(1, notes: 0..<60).score)
    let outcomes: [DatasetBuild.Outcome] = [
      .init(music, minimumNotes: 16), .init(music, minimumNotes: 16), .init(music, minimumNotes: 100),
      .init([], minimumNotes: 1),
    ]
    let reasons = try zip(outcomes, files).map { try build.add($0, of: $1) }
    #expect(reasons == [nil, "the same music as a.mid", "only \(music.count(where: \.isNoteOn)) notes", "no notes"])
    #expect(DatasetBuild.skipped(writer.records) == ["duplicate": 1, "too short": 2])
  }
}
