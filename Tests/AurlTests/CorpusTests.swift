import Foundation
import MIDIFiles
import MusicTokens
import TestSupport
import Testing

/// Tests of `aurl corpus`.
@Suite struct CorpusTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func add(_ walk: RandomWalk, _ name: String) throws {
    _ = try folder.write(MIDIFile.bytes(of: walk.score), to: "music/\(name)")
  }

  private func build(_ arguments: String...) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      "aurl", ["corpus", "build", folder.path("music"), "-o", folder.path("data")] + arguments)
  }

  private func build() throws -> CommandLineProgram.Result { try build("--quiet") }

  /// The lines of the index after its header.
  private func pieces(_ name: String = "data") throws -> [[String: Any]] {
    let text = try String(contentsOfFile: folder.path("\(name)/index.jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").dropFirst().map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  private func paths(_ split: String) throws -> [String] {
    try pieces().filter { $0["split"] as? String == split }.compactMap { $0["path"] as? String }
  }

  @Test func piecesAreWhatEncodeMakesOfThem() throws {
    for seed in 1...5 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed).mid") }
    #expect(try build().status == 0)
    let tokens = try Data(contentsOf: URL(fileURLWithPath: folder.path("data/tokens-00000.u16")))
    for piece in try pieces() {
      let path = try #require(piece["path"] as? String)
      let (offset, count) = try #require([piece["offset"], piece["tokens"]] as? [Int]).pair
      let expected = try CommandLineProgram.aurl("encode", folder.path("music/\(path)"))
      let values = try TokenFile(bytes: Array(expected.output)).tokens.map(\.rawValue)
      let stored = tokens[2 * offset..<2 * (offset + count)]
      #expect(Array(stored) == values.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
      #expect(piece["notes"] as? Int == values.count { $0 < 128 })
    }
  }

  // MARK: Splits

  @Test func foldersNamedTrainAndValidAreSplits() throws {
    for (seed, name) in [(1, "train/a.mid"), (2, "valid/b.mid"), (3, "train/bach/c.mid"), (4, "valid/bach/d.mid")] {
      try add(RandomWalk(UInt64(seed)), name)
    }
    #expect(try build().status == 0)
    #expect(try paths("train") == ["train/a.mid", "train/bach/c.mid"])
    #expect(try paths("valid") == ["valid/b.mid", "valid/bach/d.mid"])
  }

  @Test(arguments: [true, false])
  func aManifestSaysTheSplit(isNamed: Bool) throws {
    for seed in 1...4 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed).mid") }
    let table = "composer\tpath\tsplit\tgroup\nA\t1.mid\tvalid\tfugue\nB\t2.mid\ttrain\tsong\nC\t3.mid\ttrain\tsong\n"
    let path = try folder.write(Array(table.utf8), to: isNamed ? "list.tsv" : "music/manifest.tsv")
    let result = isNamed ? try build("--manifest", path) : try build("--color", "never")
    #expect(result.status == 0)
    #expect(result.errors.contains("1 file is not in the manifest"))
    #expect(try paths("valid") == ["1.mid"] && paths("train") == ["2.mid", "3.mid"])
    #expect(try pieces().compactMap { $0["group"] as? String } == ["fugue", "song", "song"])
  }

  @Test(arguments: [
    ("path\tsplit\n1.mid\tdev\n", "line 2: the split is \"dev\""),
    ("file\tsplit\n1.mid\ttrain\n", "no column \"path\""),
    ("path\n2.mid\n", "the manifest lists none of the 1 files"), ("", "no column \"path\""),
  ])
  func badManifestsAreErrors(table: String, message: String) throws {
    try add(RandomWalk(1), "1.mid")
    let result = try build("--manifest", try folder.write(Array(table.utf8), to: "list.tsv"))
    #expect([65, 66].contains(result.status) && result.errors.contains(message), "\(result.errors)")
    #expect(!folder.files.contains { $0.hasPrefix("data") })
  }

  @Test func aShareOfTheWorksIsHeldOut() throws {
    for seed in 1...40 as ClosedRange<UInt64> { try add(RandomWalk(seed), "work \(seed / 2)/\(seed).mid") }
    #expect(try build("--valid-share", "0.4").status == 0)
    let groups = try pieces().map { "\($0["group"] ?? "") \($0["split"] ?? "")" }
    #expect(Set(groups).count == 21, "a work is in one split")
    #expect((6...30).contains(try paths("valid").count))
    #expect(try build("--valid-share", "0").status == 0)
    #expect(try paths("valid").isEmpty)
    let tested = try build("--valid-share", "0.3", "--test", "0.3")
    #expect(tested.status == 0 && tested.text.contains("  test "))
    #expect(try !paths("test").isEmpty && !paths("valid").isEmpty && !paths("train").isEmpty)
    #expect(try build("--valid-share", "0.6", "--test-share", "0.6").status == 64)
  }

  /// A single work cannot be divided: its split gets all tokens or none, and a warning says so.
  @Test func anotherShareThanAskedForIsTold() throws {
    for seed in 1...4 as ClosedRange<UInt64> { try add(RandomWalk(seed), "work/\(seed).mid") }
    let result = try build("--valid-share", "0.3")
    #expect(
      result.status == 0
        && result.errors.contains(" % of the tokens are in the split valid, where 30.0 % were asked for"))
    #expect(try build("--valid-share", "0").errors.isEmpty && build("--quiet", "--valid-share", "0.3").errors.isEmpty)
  }

  /// The split of a work follows from its name, whatever other folders are given.
  @Test func anotherFolderMovesNoWork() throws {
    for seed in 1...40 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed / 2)/\(seed).mid") }
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(99).score), to: "more/a.mid")
    #expect(try run("aurl corpus build music -o data -q --valid-share 0.4").status == 0)
    let alone = try paths("valid").map { "music/\($0)" }
    #expect(try run("aurl corpus build music more -o data -q --valid-share 0.4").status == 0)
    let beside = try paths("valid").filter { $0.hasPrefix("music/") }
    #expect(beside == alone && !alone.isEmpty)
  }

  // MARK: Skipped files

  @Test func whatIsLeftOutHasItsReason() throws {
    try add(RandomWalk(1), "train/a.mid")
    try add(RandomWalk(1, semitones: 3, microsecondsPerQuarter: 450_000, velocity: 100), "train/b.mid")
    try add(RandomWalk(2), "train/c.mid")
    try add(RandomWalk(2, semitones: -2), "valid/c.mid")
    try add(RandomWalk(3, notes: 0..<3), "train/short.mid")
    try add(RandomWalk(3, notes: 0..<0), "train/empty.mid")
    _ = try folder.write(Array("<html></html>".utf8), to: "music/train/rubbish.mid")
    let tokens = try TokenEncoder().encode(RandomWalk(4).score)
    _ = try folder.write(TokenFile(tokens: tokens).bytes(format: .names), to: "music/train/song.tokens")
    let result = try build("--json")
    #expect(result.status == 0)
    for line in [
      "train/b.mid: skipped: the same music as train/a.mid", "train/c.mid: skipped: the same music as valid/c.mid",
      "train/short.mid: skipped: only 3 notes", "train/empty.mid: skipped: no notes",
      "train/rubbish.mid: skipped: not a MIDI file but a web page (HTML)",
    ] { #expect(result.errors.contains(line), "\(result.errors)") }
    #expect(try paths("train") == ["train/a.mid", "train/song.tokens"] && paths("valid") == ["valid/c.mid"])
    let report = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(report["schema"] as? String == "aurl-corpus/1")
    #expect(report["skipped"] as? [String: Int] == ["duplicate": 2, "too short": 2, "unreadable": 1])
    let statistics = try #require((report["statistics"] as? [String: Any])?["train"] as? [String: Any])
    #expect(statistics["pieces"] as? Int == 2)
    let notes = try pieces().dropFirst().reduce(0) { $0 + ($1["notes"] as? Int ?? 0) }
    #expect(statistics["notes"] as? Int == notes && notes > 300)
  }

  /// Reading a pipe that is named like a MIDI file would block forever. A link to a file counts as a file.
  @Test func onlyFilesAreRead() throws {
    for seed in 1...2 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed).mid") }
    #expect(try run("mkfifo music/pipe.mid && mv music/2.mid piece && ln -s ../piece music/2.mid").status == 0)
    #expect(try run("timeout -s KILL 60 aurl corpus build music -o data -q").status == 0)
    #expect(try pieces().compactMap { $0["path"] as? String }.sorted() == ["1.mid", "2.mid"])
  }

  @Test func aSlashMayEndTheNamesOfFolders() throws {
    try add(RandomWalk(1), "a.mid")
    // The second time, the dataset is replaced.
    for _ in 1...2 { #expect(try run("aurl corpus build music/ -o data/ -q").status == 0) }
    #expect(folder.files == ["data/index.jsonl", "data/tokens-00000.u16", "music/a.mid"])
  }

  @Test func anyNumberOfJobsIsPossible() throws {
    for seed in 1...20 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed).mid") }
    #expect(try build("--quiet", "--jobs", "\(Int.max)").status == 0)
    #expect(try pieces().count == 20)
  }

  @Test func nothingToBuildFromIsAnError() throws {
    #expect(try build().status == 66)
    try add(RandomWalk(3, notes: 0..<3), "short.mid")
    #expect(try build().status == 65)
    #expect(!folder.files.contains("data/index.jsonl"))
  }

  @Test func anotherFolderIsNotReplaced() throws {
    try add(RandomWalk(1), "a.mid")
    _ = try folder.write(Array("thesis".utf8), to: "data/thesis.txt")
    #expect(try build().status == 73)
    #expect(folder.files == ["data/thesis.txt", "music/a.mid"])
  }

  // MARK: Interruptions

  private func run(_ line: String) throws -> CommandLineProgram.Result {
    let path = CommandLineProgram.executable("aurl").deletingLastPathComponent().path
    return try CommandLineProgram.run("/bin/bash", ["-c", "PATH=\(path):$PATH; \(line)"], folder: folder.url)
  }

  /// Builds into `data` until a limit on file sizes of 40 KiB stops it, as a full disk would; 60 pieces take some 80.
  private func buildUntilFull() throws {
    for seed in 1...60 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed % 7)/\(seed).mid") }
    let full = try run("trap '' XFSZ; ulimit -f 40; aurl corpus build music -o data --quiet --jobs 2")
    #expect(full.status == 74 && full.errors.contains("cannot be written"))
    #expect(!folder.files.contains { $0.hasPrefix("data/") })
    let journal = try Data(contentsOf: URL(fileURLWithPath: folder.path("data.partial/journal.jsonl")))
    #expect(journal.count { $0 == 0x0A } > 5)
  }

  @Test func aFullDiskLosesNothing() throws {
    try buildUntilFull()
    #expect(try run("aurl corpus build music -o data -q && aurl corpus build music -o whole -q").status == 0)
    #expect(try run("diff -r data whole").status == 0)
    #expect(!folder.files.contains { $0.hasPrefix("data.partial") })
  }

  @Test func resumingReadsOnlyChangedFilesAgain() throws {
    try buildUntilFull()
    // The first file keeps its size and time but becomes unreadable zeros; a later file really changes.
    let times = "touch -r music/0/14.mid stamp; head -c $(stat -c %s music/0/14.mid) /dev/zero > music/0/14.mid"
    #expect(try run("\(times); touch -r stamp music/0/14.mid").status == 0)
    try add(RandomWalk(99), "0/21.mid")
    #expect(try run("aurl corpus build music -o data -q").status == 0)
    #expect(try run("aurl corpus build music -o whole -q").status == 0)
    let (resumed, whole) = (try pieces("data"), try pieces("whole"))
    #expect(resumed.count == 60 && whole.count == 59)
    let digests = [resumed, whole].map { pieces in
      pieces.first { $0["path"] as? String == "0/21.mid" }?["sha256"] as? String
    }
    #expect(digests[0] != nil && digests[0] == digests[1])
  }

  // MARK: Info

  @Test func infoChecksAndShows() throws {
    for seed in 1...4 as ClosedRange<UInt64> { try add(RandomWalk(seed), "\(seed).mid") }
    let built = try build()
    #expect(built.status == 0 && built.output.isEmpty)
    let info = try CommandLineProgram.aurl("corpus", "info", folder.path("data"))
    #expect(info.status == 0 && info.text.contains("NOTE_ON") && info.text.contains("100.0 %"))
    let shard = URL(fileURLWithPath: folder.path("data/tokens-00000.u16"))
    var tokens = try Data(contentsOf: shard)
    tokens[tokens.count - 2] ^= 1
    try tokens.write(to: shard)
    let damaged = try CommandLineProgram.aurl("corpus", "info", folder.path("data"))
    #expect(damaged.status == 65 && damaged.errors.contains("the tokens of 4.mid are not those it was built with"))
    #expect(try CommandLineProgram.aurl("corpus", "info", folder.path("music")).status == 66)
  }
}

extension [Int] {
  fileprivate var pair: (Int, Int) { (self[0], self[1]) }
}
