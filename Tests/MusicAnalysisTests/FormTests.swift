import Foundation
import MIDIFiles
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite struct FormTests {
  /// Four chords for each of three sections.
  private static let parts: [Character: [[Int]]] = [
    "A": [[48, 64, 67], [53, 65, 69], [55, 62, 71], [48, 64, 72]],
    "B": [[45, 60, 64], [50, 62, 65], [52, 59, 68], [45, 60, 69]],
    "C": [[51, 63, 70], [56, 68, 72], [58, 65, 74], [51, 67, 75]],
  ]

  /// Eight bars for each letter, as block chords, broken chords, or repeated notes; lowercase letters are transposed up
  /// by five semitones.
  private static func score(_ form: String) -> Score {
    let notes = form.enumerated().flatMap { index, letter in
      let name = Character(letter.uppercased())
      let shift = letter.isLowercase ? 5 : 0
      return (0..<8).flatMap { bar -> [Note] in
        let chord = (parts[name] ?? [])[bar % 4].map { $0 + shift }
        let start = Double(32 * index + 4 * bar)
        switch name {
        case "A": return chord.map { Music.note($0, at: start, beats: 4) }
        case "B":
          return (0..<8).map { Music.note(chord[$0 % 3], at: start + Double($0) / 2, beats: 0.5) }
        default: return (0..<4).flatMap { beat in chord.map { Music.note($0, at: start + Double(beat), beats: 1) } }
        }
      }
    }
    var score = Music.score(notes)
    score.timeSignatures = [TimeSignature(tick: .zero, numerator: 4, denominator: 4)]
    return score
  }

  private static func form(_ score: Score) throws -> FormAnalysis {
    try #require(Analysis(score, features: [.form]).form)
  }

  /// The letters of the sections in order, immediate repetitions merged.
  private static func letters(_ sections: [FormAnalysis.Section]) -> String {
    sections.reduce(into: "") { text, section in
      let letter = section.name.prefix(1)
      if !text.hasSuffix(letter) { text += letter }
    }
  }

  @Test(arguments: ["ABA", "ABACA", "ABC", "ABCBA"]) func namesRecurringSections(_ form: String) throws {
    let sections = try Self.form(Self.score(form)).sections
    #expect(Self.letters(sections) == form)
    // Every boundary of the form is a boundary of sections, and there are no gaps.
    let starts = Set(sections.map { Int($0.start.rawValue.rounded()) })
    #expect(Set((0..<form.count).map { 16 * $0 }).isSubset(of: starts))
    for (section, next) in zip(sections, sections.dropFirst()) { #expect(section.end == next.start) }
  }

  @Test func aTransposedRecurrenceIsAVariant() throws {
    let sections = try Self.form(Self.score("ABa")).sections
    #expect(Self.letters(sections) == "ABA")
    #expect(try #require(sections.last).name == "A'")
  }

  @Test func segmentsAThemeWithRepeats() throws {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/mozart-sonata-k331-theme.mid").path
    let form = try Self.form(MIDIFile(path: path).score)
    #expect(Self.letters(form.sections) == "ABABA")
    #expect(form.phrases.count == 4 && form.phrases.allSatisfy { $0.kind == .perfectAuthentic })
    for (phrase, next) in zip(form.phrases, form.phrases.dropFirst()) { #expect(phrase.end == next.start) }
  }

  @Test func formIsAnalyzedOnlyOnRequest() {
    let score = Self.score("AB")
    #expect(Analysis(score, features: [.harmony]).form == nil)
    #expect(Analysis(score, features: [.form]).harmony == nil)
    #expect(Analysis(Music.score([]), features: [.form]).form == nil)
  }
}
