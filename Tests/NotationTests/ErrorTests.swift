import Notation
import Testing

/// Every kind of mistake is reported at its position, with a message that helps to correct it.
@Suite struct ErrorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var source: String
    var message: String
    var testDescription: String { message }
  }

  /// A mistake in the music of a single piano part in 4/4, which is the third line.
  private static func music(_ music: String, _ message: String) -> Mistake {
    Mistake(source: "part: a piano\nmeter: 4/4\na: \(music)", message: message)
  }

  static let mistakes: [Mistake] = [
    music("c4/4 d e", "line 3, column 4: bar 1 of 'a' has 3 of 4 beats: 1 missing"),
    music("c4/1 | c/4 d e f/8 | c/1", "line 3, column 11: bar 2 of 'a' has 3 1/2 of 4 beats: 1/2 missing"),
    music("c4/1 | c/4 d e f g", "line 3, column 11: bar 2 of 'a' has 5 of 4 beats: 1 too many"),
    music("c4/1 & e4/2", "line 3, column 4: bar 1 of 'a' has 2 of 4 beats: 2 missing"),
    music("c4/1 | | c", "line 3, column 11: bar 2 of 'a' has 0 of 4 beats: 4 missing"),
    music("c4/1\n  | d/2", "line 4, column 5: bar 2 of 'a' has 2 of 4 beats: 2 missing"),
    music("c/4 d e f", "line 3, column 4: the first note of a voice in a line needs its octave, as in c4"),
    music("c4 d e f", "line 3, column 4: the first note or rest of a voice in a line needs its duration, as in c4/8"),
    music("c4/1 & d/1", "line 3, column 11: the first note of a voice in a line needs its octave, as in c4"),
    music("c4/3 d e f", "line 3, column 6: '3' is not a duration: write 1, 2, 4 … 128 and up to three dots"),
    music("c4/4.... d", "line 3, column 6: '4....' is not a duration: write 1, 2, 4 … 128 and up to three dots"),
    music(
      "{7 c4/8 d e f g a b}",
      "line 3, column 7: this duration is not a whole number of ticks at 480 per quarter; choose another ppq"),
    music("c12/1", "line 3, column 4: c12 is outside the MIDI range, c-1 to g9"),
    music("c#b4/1", "line 3, column 4: found '#b' where #, ##, b or bb should be"),
    music("c4/4 h e f", "line 3, column 9: found 'h' where a note should be"),
    music("[c4 e/4", "line 3, column 9: found '/' where a note should be"),
    music("[]/1", "line 3, column 6: found an empty chord where notes should be"),
    music("{3 c4/4 d e", "line 3, column 15: found the end of the line where } should be"),
    music("c4/4 d e } f", "line 3, column 13: found '}' where a note should be"),
    music("{x c4/4}", "line 3, column 6: found ' ' where the number of a tuplet or a repeat, 2 … 32 should be"),
    music("{x32 {x32 {x32 c4/128}}}", "line 3, column 4: too much music in one bar"),
    music("%", "line 3, column 4: % repeats the previous bar, but there is none"),
    music("!mff c4/1", "line 3, column 4: there is no mark '!mff'"),
    music("c4/1\"la", "line 3, column 8: found no closing quote where one should be"),
    music("c4/1)", "line 3, column 8: slurs open with ( before a note and close with ) after one, in the same section"),
    music(
      "c4/1 | (d/1",
      "line 3, column 11: slurs open with ( before a note and close with ) after one, in the same section"),
    music("c4/1~ | d", "line 3, column 4: the tie in bar 2 of 'a' leads to no note of its pitch"),
    music("c4/2~ r", "line 3, column 4: the tie in bar 1 of 'a' leads to no note of its pitch"),
    music("c4/1 | d/1~", "line 3, column 11: the tie in bar 2 of 'a' leads to no note of its pitch"),
    music(
      "c4/2 !rit=150 d",
      "line 3, column 9: ritardando goes the other way: its tempo is on the wrong side of the current one"),
    Mistake(
      source: "part: d drums\nmeter: 1/4\nd: gong/4", message: "line 3, column 4: there is no drum called 'gong'"),
    Mistake(source: "titel: x", message: "line 1, column 1: there is no field or part called 'titel'"),
    Mistake(
      source: "title x",
      message:
        "line 1, column 1: a line starts with a label and a colon, or with a space where it continues the one above"),
    Mistake(source: "title: x", message: "line 1, column 9: there is no part"),
    Mistake(source: "part: a piano\n", message: "line 2, column 1: there is no music"),
    Mistake(source: "part: a piano\na: c4/1", message: "line 2, column 3: there is no meter before the music"),
    Mistake(source: "part: a piano\npart: a flute", message: "line 2, column 1: 'a' is there already"),
    Mistake(source: "part: a piano channel 17", message: "line 1, column 1: channel '17' should be 1 … 16"),
    Mistake(
      source: "part: key piano", message: "line 1, column 1: part 'key' should be a name that is not that of a field"),
    Mistake(source: "meter: 3/5", message: "line 1, column 1: meter '3/5' should be such as 3/4"),
    Mistake(source: "key: H minor", message: "line 1, column 1: key 'H minor' should be such as F# minor or Bb major"),
    Mistake(
      source: "key: G# major", message: "line 1, column 1: key 'G# major' should be such as F# minor or Bb major"),
    Mistake(source: "tempo: fast", message: "line 1, column 1: tempo 'fast' should be such as Allegro 4=120"),
    Mistake(source: "format: 2", message: "line 1, column 1: format '2' should be 0 or 1"),
    Mistake(source: "ppq: 0", message: "line 1, column 1: ppq '0' should be 24 … 15360"),
    Mistake(
      source: "part: a piano\nmeter: 4/4\na: c4/1\nppq: 96",
      message: "line 4, column 1: 'ppq' must come before the music"),
    Mistake(
      source: "part: a piano\nmeter: 4/4\npartial: 5/4\na: c4/1",
      message: "line 3, column 1: 'partial' is longer than the meter"),
    Mistake(
      source: "part: a piano\nmeter: 4/4\na: c4/1\ntempo: 4=60",
      message: "line 4, column 1: 'tempo or partial' has no bar to begin with"),
    Mistake(
      source: "part: a piano\npart: b piano\nmeter: 4/4\na: c4/1 | d\nb: c3/1",
      message: "line 4, column 3: the section has 2 bars, but part 'b' has 1"),
    Mistake(
      source: "part: a piano\nmeter: 4/4\nform: A B\nsection: A\na: c4/1",
      message: "line 3, column 1: there is no section 'B'"),
  ]

  @Test(arguments: mistakes)
  func mistakeIsNamedAndPlaced(example: Mistake) throws {
    let error = try #require(mistake(in: example.source))
    #expect("\(error)" == example.message)
  }

  @Test func bytesThatAreNotTextAreRefused() {
    let error = #expect(throws: NotationError.self) { try Manuscript(bytes: [0x4D, 0xFF]) }
    #expect(error?.reason == .notText)
  }
}
