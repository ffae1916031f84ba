import Files
import Glibc
import MIDIFiles
import MusicCore
import Notation
import Testing

/// Every piece of the corpus is valid, matches its description in the README, and compiles to the MIDI file beside it.
@Suite struct CorpusTests {
  static let names: [String] = {
    guard let folder = opendir(packagePath("corpus")) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".score") { names.append(String(name.dropLast(6))) }
    }
    return names.sorted()
  }()

  /// The rows of the README's table: the cells after the file name, by file name.
  static let rows: [String: [String]] = {
    let bytes = (try? readBytes(ofFile: packagePath("corpus/README.md"))) ?? []
    var rows: [String: [String]] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
      rows[cells[0].filter { $0 != "`" }] = Array(cells.dropFirst())
    }
    return rows
  }()

  private func manuscript(_ name: String) throws -> Manuscript {
    try Manuscript(bytes: readBytes(ofFile: packagePath("corpus/\(name).score")))
  }

  @Test func corpusIsThere() {
    #expect(Self.names.count >= 14)
    #expect(Set(Self.names) == Set(Self.rows.keys))
  }

  @Test(arguments: names)
  func pieceIsWholeAndClean(name: String) throws {
    let manuscript = try manuscript(name)
    #expect(manuscript.barCount >= 16)
    let score = try manuscript.score()
    for track in score.tracks {
      var ends: [Int: Tick] = [:]
      for note in track.notes.sorted(by: { $0.onset < $1.onset }) {
        let key = Int(note.channel.rawValue) << 7 | Int(note.pitch.rawValue)
        #expect(ends[key] ?? .zero <= note.onset, "\(note.pitch) at \(note.onset.rawValue) overlaps")
        #expect(note.onset < note.end && note.velocity.rawValue > 0)
        ends[key] = note.end
      }
    }
    let levels = Set(score.tracks.flatMap(\.notes).map { DynamicLevel(nearest: $0.velocity) })
    #expect(levels.count > 1, "a piece has dynamics")
  }

  @Test(arguments: names)
  func pieceMatchesTheReadme(name: String) throws {
    let manuscript = try manuscript(name)
    let score = try manuscript.score()
    let cells = try #require(Self.rows[name])
    try #require(cells.count == 7)
    let title = try #require(manuscript.title)
    #expect(cells[0].contains(title))
    #expect(cells[0].contains(try #require(manuscript.composer).split(separator: " ")[0]))
    #expect(cells[1] == "\(manuscript.barCount)")
    #expect(score.timeSignatures.contains { $0.description == cells[3] })
    #expect(score.keySignatures[0].description == cells[4])
    #expect(cells[5] == "\(manuscript.format)")
    #expect(score.tracks.count == (manuscript.format == 0 ? 1 : manuscript.parts.count + 1))
  }

  @Test(arguments: names)
  func compilingGivesTheSameFile(name: String) throws {
    let manuscript = try manuscript(name)
    let bytes = try MIDIFile.bytes(of: manuscript.score(), format: manuscript.format)
    let kept = try readBytes(ofFile: packagePath("corpus/\(name).mid"))
    #expect(bytes == kept, "run make corpus and check what changed")
    #expect(kept[9] == UInt8(manuscript.format))
  }

  /// The corpus covers the variety of music that other tests and the examples need.
  @Test func corpusHasVariety() throws {
    let manuscripts = try Self.names.map(manuscript)
    let scores = try manuscripts.map { try $0.score() }
    #expect(Set(manuscripts.map(\.format)) == [0, 1])
    #expect(Set(manuscripts.map(\.ticksPerQuarter)).count >= 3)
    #expect(scores.count { $0.keySignatures[0].isMinor } >= 4)
    #expect(manuscripts.count { $0.parts.contains(where: \.isDrums) } >= 2)
    let meters = Set(scores.flatMap(\.timeSignatures).map(\.description))
    #expect(meters.isSuperset(of: ["4/4", "3/4", "2/4", "6/8", "3/8"]))
    let pedalled = scores.count {
      $0.tracks.contains { $0.controls.contains { $0.message == .controller(.sustain, 127) } }
    }
    #expect(pedalled >= 5)
    #expect(scores.count { $0.tempoMap.changes.count > 10 } >= 8)
    #expect(scores.contains { $0.tracks.contains { $0.texts.contains { $0.kind == .lyric } } })
  }
}
