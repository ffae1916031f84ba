import Files
import MusicCore
import Notation
import Testing

/// The examples of docs/notation.md: whole pieces, and bars with the notes that they play.
@Suite struct DocumentationTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var music: String
    var plays: String
    var testDescription: String { music }
  }

  static let text =
    (try? readBytes(ofFile: packagePath("docs/notation.md"))).map { String(decoding: $0, as: UTF8.self) } ?? ""

  static let pieces = text.components(between: "```score\n", and: "```")

  static let bars = text.split(separator: "\n").compactMap { line -> Example? in
    let cells = line.split(separator: "|").map { $0.trimmed }
    guard cells.count == 2, cells[0].hasPrefix("`"), cells[1].contains(where: \.isNumber),
      cells[1].first?.isUppercase == true
    else { return nil }
    return Example(music: String(cells[0].dropFirst().dropLast()), plays: cells[1])
  }

  @Test func examplesAreFound() {
    #expect(Self.pieces.count == 3)
    #expect(Self.bars.count == 17)
  }

  @Test(arguments: pieces)
  func pieceIsRight(source: String) throws {
    #expect(try Manuscript(source).score().noteCount > 5)
  }

  @Test(arguments: bars)
  func barPlaysTheDocumentedNotes(example: Example) throws {
    let played = try notes(example.music)
    let wanted = example.plays.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
    #expect(played.count == wanted.count)
    for (note, wanted) in zip(played, wanted) {
      var found = ["\(note.pitch)", "\(note.onset.rawValue)", "\(note.duration.rawValue)"]
      if wanted.count == 4 { found.append("\(note.velocity.rawValue)") }
      #expect(found == wanted)
    }
  }

  /// The error message that the document quotes is the actual one.
  @Test func quotedErrorIsReal() throws {
    let broken = Self.pieces[0].replacing("c d) |", with: "c d/8) |")
    let error = try #require(mistake(in: broken))
    let isQuoted = Self.text.contains("\(error)")
    #expect(isQuoted, "\(error)")
  }

  @Test func drumsAreAllNamed() throws {
    let drums = try #require(Self.text.components(between: "Drums are notes by name: ", and: ".\n").first)
    let names = drums.split { " `…\n".contains($0) }
    for name in names {
      #expect(mistake(in: "meter: 1/4\npart: d drums\nd: \(name)/4") == nil)
    }
  }
}

extension String {
  fileprivate func components(between start: String, and end: String) -> [String] {
    var found: [String] = []
    var rest = self[...]
    while let opening = rest.firstRange(of: start) {
      rest = rest[opening.upperBound...]
      guard let closing = rest.firstRange(of: end) else { break }
      found.append(String(rest[..<closing.lowerBound]))
      rest = rest[closing.upperBound...]
    }
    return found
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
