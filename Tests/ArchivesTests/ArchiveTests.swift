import Archives
import CZlib
import Testing

@Suite struct ArchiveTests {
  /// A ZIP archive with one file, deflated or stored.
  private func zip(_ name: String, _ content: [UInt8], isDeflated: Bool = true) -> [UInt8] {
    var data = content
    if isDeflated {
      var length = compressBound(UInt(content.count))
      var packed = [UInt8](repeating: 0, count: Int(length))
      #expect(compress2(&packed, &length, content, UInt(content.count), 9) == Z_OK)
      // A deflate stream is a zlib stream without its header of two bytes and its checksum of four.
      data = Array(packed[2..<Int(length) - 4])
    }
    func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let middle =
      number(0, 2) + number(isDeflated ? 8 : 0, 2) + number(0, 8) + number(data.count, 4) + number(content.count, 4)
      + number(name.utf8.count, 2)
    let local = number(0x0403_4B50, 4) + number(20, 2) + middle + number(0, 2) + Array(name.utf8) + data
    let central =
      number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + middle + number(0, 12) + number(0, 4) + Array(name.utf8)
    return local + central + number(0x0605_4B50, 4) + number(0, 4) + number(1, 2) + number(1, 2)
      + number(central.count, 4) + number(local.count, 4) + number(0, 2)
  }

  @Test(arguments: [true, false]) func filesComeOutAsTheyWere(isDeflated: Bool) throws {
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
    let archive = try ZipArchive(zip("a/b.xml", content, isDeflated: isDeflated))
    #expect(archive.names == ["a/b.xml"])
    #expect(try archive.content(of: "a/b.xml", limit: 100_000) == content)
    #expect(throws: ArchiveError.noFile("c")) { try archive.content(of: "c", limit: 10) }
  }

  @Test func whatIsWrittenIsRead() throws {
    let files: [(String, [UInt8])] = [
      ("mimetype", Array("kind".utf8)), ("empty", []),
      ("ä/b.xml", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 3) }),
    ]
    func archive() throws -> [UInt8] {
      var writer = ZipWriter()
      for (name, content) in files { try writer.add(name, content, isCompressed: name != "mimetype") }
      return writer.finish()
    }
    let bytes = try archive()
    #expect(try bytes == archive() && bytes.count < 2000 && ZipArchive.isArchive(bytes))
    let read = try ZipArchive(bytes)
    #expect(read.names == files.map(\.0))
    for (name, content) in files { #expect(try read.content(of: name, limit: 1 << 20) == content) }
    // The first file is stored uncompressed, so that the file type can be recognized at this fixed offset.
    #expect(Array(bytes[38..<42]) == Array("kind".utf8))
    let checksum = (14..<18).reversed().reduce(UInt(0)) { $0 << 8 | UInt(bytes[$1]) }
    #expect(checksum == crc32(0, "kind", 4))
  }

  /// The sizes stated in an archive are not trusted.
  @Test func aBombIsNotUnpacked() throws {
    let archive = try ZipArchive(zip("a", [UInt8](repeating: 0, count: 50 << 20)))
    #expect(throws: ArchiveError.tooLarge(limit: 1 << 20)) { try archive.content(of: "a", limit: 1 << 20) }
  }

  /// No change of a single byte causes a crash.
  @Test func damagedArchivesAreRefused() throws {
    let whole = zip("name", Array("some content, some content".utf8))
    for index in whole.indices {
      for value in [0, 255, whole[index] ^ 1] as [UInt8] {
        var bytes = whole
        bytes[index] = value
        _ = try? ZipArchive(bytes).content(of: "name", limit: 1000)
      }
      _ = try? ZipArchive(Array(whole[..<index])).content(of: "name", limit: 1000)
    }
    #expect(throws: ArchiveError.truncated) { try ZipArchive([]) }
  }
}
