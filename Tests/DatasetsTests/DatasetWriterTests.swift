import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct DatasetWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ path: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)"))) })
  }

  /// In whatever state a crash left the journal and the shards, the finished dataset is the same.
  @Test(arguments: 0..<40)
  func anInterruptedDatasetGoesOnToTheSameBytes(seed: Int) throws {
    try TestDataset.write(0..<12, to: folder.path("whole"), shardLength: 700)
    try interrupt(after: seed % 13)
    var generator = SeededGenerator(seed: UInt64(seed))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("data.partial")) {
      // Cut the end off, append data that the journal does not list, or leave the file as it is.
      let url = URL(fileURLWithPath: folder.path("data.partial/\(name)"))
      var content = try Data(contentsOf: url)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: content.removeLast(min(content.count, Int.random(in: 1...40, using: &generator)))
      case 1: content.append(contentsOf: [0x22, 0, 1])
      default: break
      }
      try content.write(to: url)
    }
    try TestDataset.write(0..<12, to: folder.path("data"), shardLength: 700)
    #expect(try bytes(folder.path("data")) == bytes(folder.path("whole")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("data.partial")))
  }

  private func interrupt(after count: Int) throws {
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: 700)
    for (number, tokens) in try TestDataset.pieces(0..<12).enumerated().prefix(count) {
      try writer.append(tokens, as: TestDataset.record(number, tokens))
    }
  }

  @Test func finishedPiecesAreKeptUnlessTheSettingsChange() throws {
    try interrupt(after: 5)
    #expect(try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: 700).records.count == 5)
    #expect(try DatasetWriter(path: folder.path("data"), settings: "other", shardLength: 700).records.isEmpty)
  }

  /// A piece whose tokens do not match the journal is built again, and so are all that follow it.
  @Test func damagedPiecesAreBuiltAgain() throws {
    try interrupt(after: 9)
    let pieces = try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: 700).records
      .compactMap(\.piece)
    let damaged = try #require(pieces.indices.dropFirst(3).first { pieces[$0].shard == 0 } ?? pieces.indices.first)
    let url = URL(fileURLWithPath: folder.path("data.partial/tokens-00000.u16"))
    var content = try Data(contentsOf: url)
    content[2 * pieces[damaged].offset + 1] ^= 1
    try content.write(to: url)
    #expect(
      try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: 700).records.count == damaged)
  }

  @Test func discardedInputsLeaveNothing() throws {
    try interrupt(after: 9)
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test", shardLength: 700)
    try writer.keep(4)
    try writer.finish()
    let dataset = try Dataset(path: folder.path("data"))
    let expected = try TestDataset.pieces(0..<12).prefix(4)
    #expect(dataset.pieces.map { dataset.withTokens(of: $0) { Array($0) } } == Array(expected))
  }

  @Test func aDatasetIsReplacedOnlyByAWholeOne() throws {
    try TestDataset.write(0..<3, to: folder.path("data"))
    let old = try Dataset(path: folder.path("data")).dataHash
    try interrupt(after: 5)
    #expect(try Dataset(path: folder.path("data")).dataHash == old)
    try TestDataset.write(0..<12, to: folder.path("data"), shardLength: 700)
    #expect(try Dataset(path: folder.path("data")).dataHash != old)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["data"])
  }

  /// A crash between the two renames leaves an old dataset behind, whole or in part; the next build removes it.
  @Test func aDatasetLeftByACrashIsRemoved() throws {
    try TestDataset.write(0..<3, to: folder.path("data.partial.old"))
    for end in [6, 12] as [UInt64] {
      try TestDataset.write(0..<end, to: folder.path("data"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["data"])
    }
  }

  @Test func whatIsInTheWayIsNamed() throws {
    try TestDataset.write(0..<3, to: folder.path("data"))
    let before = try bytes(folder.path("data"))
    let file = try folder.write(Array("mine".utf8), to: "data.partial.old/README")
    let error = #expect(throws: DatasetError.self) { try TestDataset.write(0..<12, to: folder.path("data")) }
    #expect(error?.path == folder.path("data.partial.old"))
    #expect(try bytes(folder.path("data")) == before)
    #expect(FileManager.default.fileExists(atPath: file))
  }

  /// A foreign file is there from the start, or appears while the dataset is being built.
  @Test(arguments: ["README", "tokens-of-mine.u16"], [true, false])
  func aDatasetWithOtherFilesIsNotReplaced(name: String, isEarly: Bool) throws {
    let path = folder.path("data")
    try TestDataset.write(0..<3, to: path)
    let writer = try isEarly ? nil : DatasetWriter(path: path, settings: "test")
    _ = try folder.write(Array("mine".utf8), to: "data/\(name)")
    let before = try bytes(path)
    let error = #expect(throws: DatasetError.self) {
      try (writer ?? DatasetWriter(path: path, settings: "test")).finish()
    }
    #expect(error?.description.contains(name) == true)
    #expect(try bytes(path) == before)
  }

  /// An index in another format, and a link whose target would be lost.
  @Test func anotherIndexIsNotReplaced() throws {
    let songs = try folder.write(Array("{\"format\":\"song\"}\n".utf8), to: "songs/index.jsonl")
    try TestDataset.write(0..<3, to: folder.path("data"))
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "data")
    for name in ["songs", "link"] {
      #expect(throws: DatasetError.self) { try DatasetWriter(path: folder.path(name), settings: "test") }
    }
    #expect(FileManager.default.fileExists(atPath: songs))
    #expect(throws: Never.self) { try Dataset(path: folder.path("link")) }
  }

  @Test func whatIsNoDatasetIsNotReplaced() throws {
    let file = try folder.write(Array("thesis".utf8), to: "data/thesis.txt")
    for path in [folder.path("data"), file] {
      #expect(throws: DatasetError.self) { try DatasetWriter(path: path, settings: "test") }
    }
    #expect(folder.files == ["data/thesis.txt"])
  }

  @Test func twoWritersDoNotMixTheirTokens() throws {
    let first = try DatasetWriter(path: folder.path("data"), settings: "test")
    #expect(throws: DatasetError.self) { try DatasetWriter(path: folder.path("data"), settings: "test") }
    withExtendedLifetime(first) {}
  }
}
