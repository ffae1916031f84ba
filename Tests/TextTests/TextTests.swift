import Testing
import Text

@Suite struct TextTests {
  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.004, 2, "0.00"), (-0.006, 2, "-0.01"), (1.005, 1, "1.0"), (9.996, 2, "10.00"), (2.5, 0, "3"),
    (0.05, 1, "0.1"), (.nan, 2, "nan"), (-.infinity, 1, "-inf"), (1e20, 1, "1e+20"),
    (999_999_999_999.5, 0, "1000000000000"),
  ])
  func decimalsAreRounded(value: Double, places: Int, text: String) { #expect(decimal(value, places) == text) }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1\u{202F}000"), (1_234_567, "1\u{202F}234\u{202F}567")])
  func thousandsAreSeparated(value: Int, text: String) { #expect(grouped(value) == text) }

  @Test(arguments: [
    (-3.0, "0 s"), (59.4, "59 s"), (59.6, "1:00 min"), (245, "4:05 min"), (3599.6, "1:00 h"), (12_000, "3:20 h"),
    (.infinity, "?"), (.nan, "?"),
  ])
  func durations(seconds: Double, text: String) { #expect(durationText(seconds) == text) }

  @Test func columnsAreAligned() {
    #expect(columns([["a", "bcd", "e"], ["fgh", "", "i"]]) == ["a    bcd  e", "fgh       i"])
    #expect(columns([]) == [])
    #expect("é".padded(to: 3) == "é  " && "abc".padded(to: 2) == "abc" && "7".leftPadded(to: 3) == "  7")
  }

  @Test func jsonIsTheSameTextForTheSameValue() throws {
    let value = ["b/c": 2, "a": 1]
    #expect(try JSONText.line(value) == #"{"a":1,"b/c":2}"#)
    #expect(try JSONText.bytes(of: value) == Array(#"{"a":1,"b/c":2}"#.utf8))
    #expect(throws: EncodingError.self) { try JSONText.line([Double.nan]) }
  }
}
