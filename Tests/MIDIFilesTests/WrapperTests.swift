import CZlib
import MIDIFiles
import Testing

/// MIDI files inside other files.
@Suite struct WrapperTests {
  private static let song = header() + track(Fixture.playC4)

  private func riff(_ form: String, _ chunks: [UInt8]...) -> [UInt8] {
    let body = Array(form.utf8) + chunks.flatMap { $0 }
    return Array("RIFF".utf8) + little(body.count) + body
  }

  private func part(_ name: String, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
    Array(name.utf8) + little(length ?? body.count) + body + (body.count % 2 == 1 ? [0] : [])
  }

  @Test func chunksBeforeTheMusicMayNameItsHeader() throws {
    let info = part("LIST", Array("INFO".utf8) + part("ICMT", Array("MThd is a header".utf8)))
    let file = try MIDIFile(bytes: riff("RMID", info, part("data", Self.song)), options: .init(isStrict: true))
    #expect(file.notes == [Fixture.c4])
    #expect(file.repairs.isEmpty && file.soundFont == nil)
  }

  @Test func musicAfterAWrongLengthIsFound() throws {
    for length in [1000, 3] {
      let info = part("LIST", Array("INFO".utf8) + part("ICMT", Array("MThd".utf8)), length: length)
      #expect(try MIDIFile(bytes: riff("RMID", info, part("data", Self.song))).notes == [Fixture.c4])
    }
    #expect(try MIDIFile(bytes: riff("RMID", part("data", Self.song, length: 1 << 30))).notes == [Fixture.c4])
  }

  @Test func soundFontInside() throws {
    let font = riff("sfbk", part("LIST", [1, 2, 3]))
    let info = part("LIST", Array("INFO".utf8) + part("DBNK", [2, 0]))
    for chunks in [[part("data", Self.song), font], [font, part("data", Self.song)]] {
      let bytes = riff("RMID", chunks[0], chunks[1])
      let file = try MIDIFile(bytes: bytes)
      #expect(file.notes == [Fixture.c4])
      let inside = try #require(file.soundFont)
      #expect(Array(bytes[inside.range]) == font && inside.bankOffset == nil)
      #expect(try MIDIFile(bytes: riff("RMID", info, chunks[0], chunks[1])).soundFont?.bankOffset == 2)
    }
    // A truncated soundfont does not count.
    #expect(try MIDIFile(bytes: riff("RMID", part("data", Self.song), font).dropLast(4) + []).soundFont == nil)
  }

  // MARK: gzip

  private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    #expect(
      deflateInit2_(
        &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK)
    defer { deflateEnd(&stream) }
    var (input, output) = (bytes, [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count)))))
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return output.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<count])
  }

  @Test func gzipIsUnwrapped() throws {
    let bytes = gzip(Self.song)
    #expect(try MIDIFile(bytes: bytes, options: .init(isStrict: true)).notes == [Fixture.c4])
    #expect(try MIDIFile(bytes: bytes + [0, 0, 0]).notes == [Fixture.c4], "padding")
    let middle = Self.song.count / 2
    let members = gzip(Array(Self.song[..<middle])) + gzip(Array(Self.song[middle...]))
    #expect(try MIDIFile(bytes: members).notes == [Fixture.c4], "two members")
    #expect(try MIDIFile(bytes: gzip(riff("RMID", part("data", Self.song)))).notes == [Fixture.c4])
  }

  @Test func damagedAndOtherGzipIsRefused() throws {
    let bytes = gzip(Self.song)
    for count in 2..<bytes.count - 8 {
      #expect(throws: MIDIFileError.self) { try MIDIFile(bytes: Array(bytes.prefix(count))) }
    }
    #expect(throws: MIDIFileError.notMIDI("a gzip archive in a gzip archive; unpack it first")) {
      try MIDIFile(bytes: gzip(bytes))
    }
    #expect(throws: MIDIFileError.notMIDI("a web page (HTML)")) { try MIDIFile(bytes: gzip(Array("<html>".utf8))) }
  }

  @Test func aSmallFileCannotFillTheMemory() {
    let bomb = gzip([UInt8](repeating: 0, count: (64 << 20) + 1))
    #expect(bomb.count < 100_000)
    #expect(throws: MIDIFileError.notMIDI("a gzip archive of more than 64 MiB, the most that is unwrapped")) {
      try MIDIFile(bytes: bomb)
    }
  }
}
