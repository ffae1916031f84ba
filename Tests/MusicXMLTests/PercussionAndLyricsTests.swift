import MusicCore
import MusicXML
import Testing

@Suite struct PercussionAndLyricsTests {
  /// The notes of a part with the given instruments, as onsets in eighths, pitches and channels.
  private func notes(_ instruments: String, _ measure: String) throws -> [[Int]] {
    let text = """
      <score-partwise><part-list><score-part id="P1"><part-name>Drums</part-name>\(instruments)</score-part></part-list>
      <part id="P1"><measure><attributes><divisions>2</divisions></attributes>\(measure)</measure></part></score-partwise>
      """
    let score = try MusicXML.score(of: Array(text.utf8))
    guard case .metrical(let division) = score.division else { return [] }
    return score.tracks[1].notes.map {
      [Int($0.onset.rawValue) * 2 / division, Int($0.pitch.rawValue), $0.channel.number]
    }
  }

  private static func hit(_ place: String, _ instrument: String? = nil) -> String {
    let name = instrument.map { "<instrument id=\"\($0)\"/>" } ?? ""
    return """
      <note><unpitched><display-step>\(place.prefix(1))</display-step><display-octave>\(place.suffix(1))</display-octave>\
      </unpitched><duration>1</duration>\(name)</note>
      """
  }

  private static func instrument(_ id: String, channel: Int, key: Int? = nil) -> String {
    let unpitched = key.map { "<midi-unpitched>\($0)</midi-unpitched>" } ?? ""
    return """
      <midi-instrument id="\(id)"><midi-channel>\(channel)</midi-channel><midi-program>9</midi-program>\(unpitched)\
      </midi-instrument>
      """
  }

  @Test func instrumentsDetermineTheKeysOfDrums() throws {
    let set = Self.instrument("a", channel: 10, key: 37) + Self.instrument("b", channel: 10, key: 43)
    #expect(try notes(set, Self.hit("F4", "a") + Self.hit("F4", "b")) == [[0, 36, 10], [1, 42, 10]])
    // If there is only one instrument, its notes need not name it.
    #expect(try notes(Self.instrument("a", channel: 10, key: 57), Self.hit("F4")) == [[0, 56, 10]])
  }

  @Test func staffPositionsDetermineTheKeysOfDrumsWithoutInstruments() throws {
    let measure = ["F4", "C5", "G5", "A5", "G3"].map { Self.hit($0) }.joined()
    #expect(try notes("", measure).map { $0[1] } == [36, 38, 42, 49, 38])
  }

  /// In a part with drums and pitched notes, the latter keep their own channel, whichever instrument is listed first.
  @Test func pitchedNotesBesideDrumsAreNotDrums() throws {
    let both = Self.instrument("d", channel: 10, key: 77) + Self.instrument("p", channel: 3)
    let note = Self.sung("<instrument id=\"p\"/>")
    #expect(try notes(both, Self.hit("C5", "d") + note) == [[0, 76, 10], [1, 60, 3]])
  }

  // MARK: Lyrics

  private func lyrics(_ measures: String) throws -> [String] {
    let score = try MusicXML.score(of: ReadingTests.document(measures))
    return score.tracks[1].texts.filter { $0.kind == .lyric }.map(\.string)
  }

  private static func sung(_ lyrics: String) -> String {
    "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>\(lyrics)</note>"
  }

  @Test func eachRepeatSingsItsVerse() throws {
    let both = Self.sung(
      """
      <lyric number="1"><syllabic>begin</syllabic><text>One</text></lyric>
      <lyric number="part1verse2"><text>Two</text></lyric>
      """)
    let chorus = Self.sung("<lyric><text>all</text></lyric>")
    // A measure without a second verse is a chorus. In a measure with syllables, a note without one is a melisma.
    let verses = "<measure>\(both)\(chorus)</measure>"
    let last = "<measure>\(chorus)<barline><repeat direction=\"backward\" times=\"3\"/></barline></measure>"
    #expect(try lyrics(verses + last) == ["One-", "all ", "all ", "Two ", "all ", "One-", "all ", "all "])
    // The measure of a second ending may have the second verse only.
    #expect(try lyrics("<measure>\(Self.sung("<lyric number=\"2\"><text>Two</text></lyric>"))</measure>") == ["Two "])
  }

  @Test func syllablesAreJoinedByElisions() throws {
    let lyric = """
      <lyric><syllabic>end</syllabic><text>la</text><elision>‿</elision><syllabic>begin</syllabic><text>a</text></lyric>
      """
    #expect(try lyrics("<measure>\(Self.sung(lyric))</measure>") == ["la‿a-"])
  }

  // MARK: Articulation

  /// The lengths of quarter notes, in sixteenths of a quarter.
  @Test func slursLengthenStaccato() throws {
    func note(_ notations: String, voice: Int = 1) -> String {
      """
      <note><pitch><step>C</step><octave>4</octave></pitch><duration>16</duration><voice>\(voice)</voice>\
      <notations>\(notations)</notations></note>
      """
    }
    let dot = "<articulations><staccato/></articulations>"
    let (start, stop) = ("<slur type=\"start\"/>", "<slur type=\"stop\"/>")
    let notes = [
      note(dot), note(start + dot), note(dot), note(dot, voice: 2), note(stop + dot), note(dot), note(""),
      note("<articulations><staccato/><tenuto/></articulations>"),
    ]
    let measure = "<measure><attributes><divisions>16</divisions></attributes>\(notes.joined())</measure>"
    let score = try MusicXML.score(of: ReadingTests.document(measure))
    guard case .metrical(let division) = score.division else { return }
    let lengths = score.tracks[1].notes.map { Int($0.duration.rawValue) * 16 / division }
    #expect(lengths == [8, 12, 12, 8, 12, 8, 16, 12])
  }

  // MARK: Limits

  /// Thousands of grace notes, tied notes of one pitch, jumps without a coda, measures in an ending, and staves.
  @Test func largeNumbersOfOneElementAreRead() throws {
    let grace = "<note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>"
    let tied = Self.sung("<tie type=\"stop\"/><tie type=\"start\"/>")
    let open = Self.sung("<tie type=\"start\"/>").replacing("<note>", with: "<note><chord/>")
    func repeated(_ text: String) -> String { String(repeating: text, count: 4000) }
    let first = try MusicXML.score(of: ReadingTests.document("<measure>\(repeated(grace))\(Self.sung(""))</measure>"))
    #expect(first.noteCount > 0)
    let second = try MusicXML.score(
      of: ReadingTests.document("<measure>\(Self.sung(""))\(repeated(open))\(repeated(tied))</measure>"))
    #expect(second.noteCount > 0)
    let jump = "<measure><sound tocoda=\"coda\"/></measure>"
    let ending = "<measure><barline><ending number=\"1\" type=\"start\"/></barline></measure>"
    let measure = "<measure>\(Self.sung(""))</measure>"
    let third = try MusicXML.score(
      of: ReadingTests.document(measure + repeated(jump) + "<measure><sound dacapo=\"yes\"/></measure>" + ending))
    #expect(third.noteCount == 2)
    let staves = (0..<4000).map { Self.sung("<staff>\($0)</staff>") }.joined()
    #expect(try MusicXML.score(of: ReadingTests.document("<measure>\(staves)</measure>")).tracks.count <= 33)
  }
}
