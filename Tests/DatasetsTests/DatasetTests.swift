import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct DatasetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [1, 500, 1 << 26])
  func whatIsWrittenIsRead(shardLength: Int) throws {
    try TestDataset.write(0..<12, to: folder.path("data"), shardLength: shardLength)
    let dataset = try Dataset(path: folder.path("data"))
    let expected = try TestDataset.pieces(0..<12)
    #expect(dataset.pieces.map { dataset.withTokens(of: $0) { Array($0) } } == expected)
    #expect(dataset.pieces(.train).count + dataset.pieces(.valid).count == expected.count)
    #expect(dataset.pieces(.valid).map(\.path).first == "piece 3")
    #expect(dataset.firstDamagedPiece() == nil)
    let shards = folder.files.filter { $0.hasSuffix(".u16") }.count
    #expect(shardLength == 1 ? shards == expected.count : shardLength == 500 ? shards > 1 : shards == 1)
    #expect(folder.files.allSatisfy { $0 == "data/index.jsonl" || $0.hasSuffix(".u16") })
  }

  /// Digests computed with `sha256sum`, at lengths where the padding of SHA-256 changes.
  @Test(arguments: [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (1, "4a2a7b898f79e4e459b8bb00c50430a11d5936ad43ee9c14660a267789f7be23"),
    (27, "b13f0d2b11e9d6996c8a686b7792b7c5925ef238614c745d36e8b888b2c4d9f7"),
    (28, "a0f51c30f3e70e8e59d24baba7b2c16e0186965916fbd37dfd87510ee48a012b"),
    (31, "94ce26570a21ddb4f9bda894d2bb70c4221c83554bfb8c4f2622682507969db3"),
    (32, "8bfdfa661a7364972044d8b416a6be637db43d744f980b9750633c766c8056f5"),
    (33, "6b0282d19f371c30e2ae33c59ef20eb7b0482b681bfd938ba1439ecf4031bc17"),
    (1000, "4b5639bd0975bbba2be28f52e25f2590cf5b60518fbcd80fc3cd71f963c89889"),
  ])
  func digestsAreSHA256(count: Int, digest: String) {
    let tokens = [UInt16](repeating: 60, count: count)
    #expect(tokens.withUnsafeBytes(SHA256.hex(of:)) == digest)
  }

  @Test func theDigestOfAFileIsThatOfItsBytes() throws {
    let bytes = (0..<1000).map { UInt8($0 % 251) }
    let file = try folder.write(bytes, to: "file")
    #expect(try SHA256.hex(ofFile: file) == bytes.withUnsafeBytes(SHA256.hex(of:)))
    #expect(throws: (any Error).self) { try SHA256.hex(ofFile: folder.path("none")) }
  }

  @Test func statisticsCount() throws {
    try TestDataset.write(0..<12, to: folder.path("data"))
    let dataset = try Dataset(path: folder.path("data"))
    let statistics = Statistics(dataset)
    for (part, split) in [(statistics.train, Split.train), (statistics.valid, .valid)] {
      let tokens = dataset.pieces(split).flatMap { dataset.withTokens(of: $0) { Array($0) } }
      #expect(part.pieces == dataset.pieces(split).count && part.tokens == tokens.count)
      #expect(
        part.kinds == [0..<128, 128..<256, 256..<768, 768..<774].map { ids in tokens.count { ids.contains(Int($0)) } })
      #expect(part.pitches == (0..<128).map { pitch in tokens.count { $0 == pitch } })
      #expect(part.levels.reduce(0, +) == part.notes)
      let limits = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map { $0 + 255 }
      #expect(part.shifts == (0..<10).map { n in tokens.count { limits[n] < $0 && $0 <= limits[n + 1] } })
    }
  }

  // MARK: Hostile datasets

  /// Any defect of the index or a shard is an error, never a crash or the tokens of another piece.
  @Test(arguments: 0..<200)
  func changedIndexesAreRefused(seed: Int) throws {
    try TestDataset.write(0..<6, to: folder.path("data"))
    var generator = SeededGenerator(seed: UInt64(seed))
    let path = folder.path("data/index.jsonl")
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    switch seed % 3 {
    case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 1: bytes.remove(at: Int.random(in: bytes.indices, using: &generator))
    default: bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(throws: DatasetError.self) { try Dataset(path: folder.path("data")) }
  }

  /// Indexes with a correct hash and impossible pieces.
  @Test(arguments: [
    ("\"offset\":0", "\"offset\":1"), ("\"offset\":0", "\"offset\":-1"),
    ("\"offset\":0", "\"offset\":9223372036854775807"),
    ("\"shard\":0", "\"shard\":1"), ("\"shard\":0", "\"shard\":-1"), ("\"tokens\":", "\"tokens\":9"),
    ("\"tokens\":", "\"tokens\":-"), ("\"tokens\":", "\"tokens\":92233720368547758"), ("\"notes\":", "\"notes\":-"),
    ("\"notes\":", "\"notes\":9000"), ("\"seconds\":1", "\"seconds\":-1"), ("\"seconds\":1", "\"seconds\":1e21"),
    ("\"split\":\"train\"", "\"split\":\"dev\""), ("}\n", "}\n}\n"),
  ])
  func impossiblePiecesAreRefused(part: String, replacement: String) throws {
    try TestDataset.write(0..<6, to: folder.path("data"))
    let path = folder.path("data/index.jsonl")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", maxSplits: 1)
    var pieces = String(lines[1])
    let range = try #require(pieces.range(of: part))
    pieces.replaceSubrange(range, with: replacement)
    let hash = Array(pieces.utf8).withUnsafeBytes(SHA256.hex(of:))
    var header = try #require(JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    header["dataHash"] = hash
    let first = try JSONSerialization.data(withJSONObject: header)
    try (first + Data("\n\(pieces)".utf8)).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DatasetError.self) { try Dataset(path: folder.path("data")) }
    #expect(error?.description.contains("line ") == true)
  }

  @Test func damagedShardsAreRefused() throws {
    try TestDataset.write(0..<6, to: folder.path("data"))
    let shard = URL(fileURLWithPath: folder.path("data/tokens-00000.u16"))
    let whole = try Data(contentsOf: shard)
    for bytes in [whole.dropLast(), whole.dropLast(2), whole + [0, 0], Data(), whole.dropLast(2) + [0x06, 0x03]] {
      try Data(bytes).write(to: shard)
      #expect(throws: DatasetError.self) { try Dataset(path: folder.path("data")) }
    }
    // Only the digest reveals that a token was replaced by another valid one.
    try Data(whole.dropLast(2) + [0, 0]).write(to: shard)
    #expect(try Dataset(path: folder.path("data")).firstDamagedPiece()?.path == "piece 5")
    try FileManager.default.removeItem(at: shard)
    #expect(throws: DatasetError.self) { try Dataset(path: folder.path("data")) }
  }

  @Test func whatIsNoDatasetIsAnError() throws {
    _ = try folder.write(Array("{\"format\":\"song\"}\n".utf8), to: "data/index.jsonl")
    #expect(throws: DatasetError.self) { try Dataset(path: folder.path("data")) }
    #expect(throws: DatasetError.self) { try Dataset(path: folder.path("nowhere")) }
  }
}
