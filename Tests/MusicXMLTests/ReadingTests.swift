import MusicCore
import MusicXML
import TestSupport
import Testing

@Suite struct ReadingTests {
  /// A document with one part.
  static func document(_ measures: String, head: String = "") -> [UInt8] {
    Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
      <score-partwise version="4.0">\(head)
        <part-list><score-part id="P1"><part-name>Piano &amp; more</part-name></score-part></part-list>
        <part id="P1">\(measures)</part>
      </score-partwise>
      """.utf8)
  }

  private static func note(_ step: String, _ duration: Int, _ more: String = "", before: String = "") -> String {
    "<note>\(before)<pitch><step>\(step)</step><octave>4</octave></pitch><duration>\(duration)</duration>\(more)</note>"
  }

  private static let start = "<attributes><divisions>2</divisions></attributes>"

  /// The notes of a track as onsets and lengths in quarter notes, and pitches.
  private func notes(_ bytes: [UInt8], track: Int = 1) throws -> [[Double]] {
    let score = try MusicXML.score(of: bytes)
    guard case .metrical(let division) = score.division else { return [] }
    return score.tracks[track].notes.map {
      [
        Double($0.onset.rawValue) / Double(division), Double($0.duration.rawValue) / Double(division),
        Double($0.pitch.rawValue),
      ]
    }
  }

  @Test func chordsVoicesAndTiesArePlaced() throws {
    let note = Self.note
    let first =
      note("C", 2, "", "") + note("E", 2, "", "<chord/>") + note("D", 4, "<tie type=\"start\"/>", "")
      + "<backup><duration>6</duration></backup>" + "<forward><duration>1</duration></forward>" + note("G", 1, "", "")
    let second =
      note("D", 1, "<tie type=\"stop\"/>", "") + "<note><rest/><duration>1</duration></note>" + note("A", 1, "", "")
    let bytes = Self.document("<measure>\(Self.start)\(first)</measure><measure>\(second)</measure>")
    #expect(
      try notes(bytes) == [[0, 1, 60], [0, 1, 64], [0.5, 0.5, 67], [1, 2.5, 62], [4, 0.5, 69]])
  }

  @Test func headsAndDirectionsAreRead() throws {
    let measure = """
      <attributes><divisions>1</divisions><key><fifths>-3</fifths><mode>minor</mode></key>
      <time><beats>3+2</beats><beat-type>8</beat-type></time></attributes>
      <direction><direction-type><dynamics><ff/></dynamics></direction-type><sound tempo="90"/></direction>
      \(Self.note("C", 1, "<lyric><syllabic>begin</syllabic><text>Hal</text></lyric>"))
      <direction><direction-type><pedal type="start"/></direction-type></direction>
      <note dynamics="50"><pitch><step>B</step><alter>-1</alter><octave>3</octave></pitch><duration>1</duration></note>
      """
    let head = """
      <work><work-title>Song</work-title></work>
      <identification><creator type="composer">A. B.</creator></identification>
      """
    let score = try MusicXML.score(of: Self.document("<measure>\(measure)</measure>", head: head))
    #expect(score.title == "Song" && score.composer == "A. B.")
    #expect(score.tempoMap.changes.map(\.microsecondsPerQuarter) == [666_667])
    // The measure is shorter than its notated meter.
    #expect(score.timeSignatures.map(\.description) == ["4/8"] && score.keySignatures.map(\.description) == ["C minor"])
    let track = score.tracks[1]
    #expect(track.name == "Piano & more" && track.notes.map(\.velocity.rawValue) == [112, 45])
    #expect(track.notes.map(\.pitch.rawValue) == [60, 58])
    #expect(track.texts.last?.string == "Hal-" && track.controls.map(\.message) == [.controller(.sustain, 127)])
  }

  /// Each letter is a measure, with the repeat signs and jumps beside it.
  @Test(arguments: [
    ("A B| C", "ABABC"), ("A |:B C| D", "ABCBCD"), ("A [1B| [2C] D", "ABACD"), ("|:A [1,2B| [3C] D", "ABABACD"),
    ("A |:B| |:C| D", "ABBCCD"), ("A Bf C<", "ABCAB"), ("A S|B Ct D> cE", "ABCDBCE"),
  ])
  func repeatsAreUnfolded(signs: String, played: String) throws {
    var measures = ""
    for word in signs.split(separator: " ") {
      var (before, after) = ("", "")
      if word.hasPrefix("|:") { before += "<barline><repeat direction=\"forward\"/></barline>" }
      if word.hasPrefix("S|") { before += "<sound segno=\"segno\"/>" }
      if word.hasPrefix("c") { before += "<sound coda=\"coda\"/>" }
      if let number = word.firstIndex(of: "[") {
        let numbers = word[word.index(after: number)...].prefix { $0.isNumber || $0 == "," }
        before += "<barline><ending number=\"\(numbers)\" type=\"start\"/></barline>"
        after += "<barline><ending number=\"\(numbers)\" type=\"stop\"/>"
        if word.hasSuffix("|") { after += "<repeat direction=\"backward\"/>" }
        after += "</barline>"
      } else if word.hasSuffix("|") {
        after += "<barline><repeat direction=\"backward\"/></barline>"
      }
      if word.hasSuffix("f") { after += "<sound fine=\"yes\"/>" }
      if word.hasSuffix("t") { after += "<sound tocoda=\"coda\"/>" }
      if word.hasSuffix("<") { after += "<sound dacapo=\"yes\"/>" }
      if word.hasSuffix(">") { after += "<sound dalsegno=\"segno\"/>" }
      let step = word.first { "ABCDE".contains($0) }.map(String.init) ?? "G"
      measures += "<measure>\(Self.start)\(before)\(Self.note(step, 2))\(after)</measure>"
    }
    let score = try MusicXML.score(of: Self.document(measures))
    let letters: [UInt8: String] = [69: "A", 71: "B", 60: "C", 62: "D", 64: "E"]
    #expect(score.tracks[1].notes.compactMap { letters[$0.pitch.rawValue] }.joined() == played)
  }

  @Test func encodingsAreRead() throws {
    let text = String(decoding: Self.document("<measure>\(Self.note("C", 1))</measure>"), as: UTF8.self)
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { utf16 += [UInt8(unit & 255), UInt8(unit >> 8)] }
    #expect(try MusicXML.score(of: utf16).noteCount == 1)
    #expect(try MusicXML.score(of: [0xEF, 0xBB, 0xBF] + Array(text.utf8)).noteCount == 1)
    #expect(MusicXML.isScore(utf16) && !MusicXML.isScore(Array("<html></html>".utf8)))
  }
}

@Suite struct HostileXMLTests {
  @Test(arguments: [
    "", "<score-partwise>", "<score-partwise/>", "<html></html>", "<score-partwise></part>", "<a b></a>", "<a b=c></a>",
    "<a>&nosuch;</a>", "<a>&#xFFFFFFFF;</a>", "<a><![CDATA[", "<!--", "<?xml", "<a></a><b></b>", "<", "</", "<a b=\"",
    "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]><score-partwise>&z;</score-partwise>",
    "<score-partwise><part-list><score-part id=\"P1\"/></part-list><part id=\"P1\"/></score-partwise>",
  ])
  func otherTextIsAnError(text: String) {
    #expect(throws: MusicXMLError.self) { try MusicXML.score(of: Array(text.utf8)) }
  }

  @Test func depthHasALimit() {
    let deep = String(repeating: "<a>", count: 1_000_000)
    #expect(throws: MusicXMLError.tooLarge("elements are more than 64 deep")) {
      try MusicXML.score(of: Array(deep.utf8))
    }
  }

  /// Repeats that would never end, and extreme numbers, are bounded.
  @Test func playedLengthHasALimit() throws {
    let note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1e300</duration></note>"
    let measure = "<measure><attributes><divisions>1e-300</divisions></attributes>\(note)</measure>"
    _ = try? MusicXML.score(of: ReadingTests.document(String(repeating: measure, count: 200)))
    let loop = "<measure><barline><repeat direction=\"backward\" times=\"99999999\"/></barline>\(note)</measure>"
    _ = try? MusicXML.score(of: ReadingTests.document(loop))
  }

  /// No truncation or change of a byte causes a crash.
  @Test func damagedDocumentsDoNotCrash() {
    let whole = ReadingTests.document(
      """
      <measure><attributes><divisions>4</divisions><transpose><chromatic>-2</chromatic></transpose></attributes>
      <note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>
      <note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><tie type="start"/></note></measure>
      <measure><note><unpitched/><duration>4</duration><staff>2</staff></note></measure>
      """)
    for count in 0..<whole.count { _ = try? MusicXML.score(of: Array(whole[..<count])) }
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] =
          Array("<>/\"&0- e".utf8).randomElement(using: &generator) ?? 0
      }
      _ = try? MusicXML.score(of: bytes)
    }
  }
}
