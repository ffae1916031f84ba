import MusicCore
import Testing

@Suite struct ChordTests {
  /// Every quality and inversion on every root.
  private static let all = (0..<12).flatMap { root in
    ChordQuality.allCases.flatMap { quality in
      quality.intervals.indices.map { Chord(root: PitchClass(semitones: root), quality: quality, inversion: $0) }
    }
  }

  /// Keys with double accidentals among their names, on both sides.
  @Test(arguments: ["C major", "D minor", "E major", "F# major", "Ab major", "Eb minor", "G# minor"])
  func symbolsReadBack(key: String) throws {
    let key = try #require(Key(key))
    #expect(Self.all.count == 12 * (6 * 3 + 8 * 4))
    #expect(Self.all.filter { Chord(symbol: $0.symbol(in: key)) != $0 } == [])
    #expect(Set(Self.all.map { $0.symbol(in: key) }).count == Self.all.count)
  }

  @Test(
    arguments: [
      ("C", 0, .maj, 0), ("Bb", 10, .maj, 0), ("Cb", 11, .maj, 0), ("B#", 0, .maj, 0), ("Bbbm", 9, .min, 0),
      ("F#m7", 6, .min7, 0), ("Cmaj7", 0, .maj7, 0), ("G7/B", 7, .dominant7, 1), ("G7/F", 7, .dominant7, 3),
      ("Dm7b5", 2, .hdim7, 0), ("Abdim7/Gbb", 8, .dim7, 3), ("EmMaj7/D#", 4, .minmaj7, 3), ("C6/A", 0, .maj6, 3),
      ("Am6/C", 9, .min6, 1), ("Esus4/A", 4, .sus4, 1), ("Dsus2/E", 2, .sus2, 1), ("Caug/Ab", 0, .aug, 2),
      ("Bbm/Db", 10, .min, 1), ("E#dim", 5, .dim, 0), ("C/C", 0, .maj, 0), ("Bdim/D", 11, .dim, 1),
    ] as [(String, Int, ChordQuality, Int)])
  func symbolsAreRead(symbol: String, root: Int, quality: ChordQuality, inversion: Int) throws {
    let chord = try #require(Chord(symbol: symbol))
    #expect(chord.root.rawValue == root && chord.quality == quality && chord.inversion == inversion)
    #expect(Chord(symbol: "| \(symbol)".dropFirst(2)) == chord, "a part of a longer text")
  }

  @Test(
    arguments: [
      (.maj, "M maj"), (.min, "min -"), (.dim, "° o"), (.aug, "+"), (.sus4, "sus"), (.maj7, "M7 Δ Δ7"),
      (.min7, "min7 -7"), (.hdim7, "ø ø7 min7b5 -7b5"), (.dim7, "°7 o7"), (.minmaj7, "minmaj7 mM7"),
      (.min6, "min6 -6"), (.maj6, "maj6"),
    ] as [(ChordQuality, String)])
  func otherSpellingsAreRead(quality: ChordQuality, suffixes: String) {
    for suffix in suffixes.split(separator: " ") {
      let expected = Chord(root: PitchClass(semitones: 6), quality: quality)
      #expect(Chord(symbol: "F#\(suffix)") == expected && Chord(symbol: "Gb\(suffix)") == expected, "\(suffix)")
    }
  }

  /// Neither other text nor a chord over a bass that is none of its tones.
  @Test(arguments: [
    "", "H", "c", "m7", "7", "/E", "C/", "C/e", "C/E/G", "C//G", "C#b", "C m", " C", "C ", "C13", "Cmaj9", "CMAJ7", "%",
    "C/D", "C/Bb", "C/B", "Csus4/E", "C7/F#", "Cm/E", "C6/B",
  ])
  func otherTextIsNotAChord(text: String) { #expect(Chord(symbol: text) == nil) }

  @Test(
    arguments: [
      ("C major", 7, .dominant7, 1, "G7/B"), ("C major", 10, .maj, 0, "Bb"), ("C major", 0, .maj, 2, "C/G"),
      ("D minor", 1, .dim7, 0, "C#dim7"), ("D minor", 9, .dominant7, 1, "A7/C#"), ("D minor", 10, .maj7, 0, "Bbmaj7"),
      ("Ab major", 1, .maj, 0, "Db"), ("Ab major", 1, .min6, 1, "Dbm6/Fb"), ("E major", 8, .min7, 0, "G#m7"),
      ("E major", 11, .dominant7, 1, "B7/D#"), ("F# major", 5, .hdim7, 0, "E#m7b5"), ("C minor", 8, .maj, 1, "Ab/C"),
    ] as [(String, Int, ChordQuality, Int, String)])
  func symbolsAreSpelledInTheKey(
    key: String, root: Int, quality: ChordQuality, inversion: Int, symbol: String
  ) throws {
    let chord = Chord(root: PitchClass(semitones: root), quality: quality, inversion: inversion)
    #expect(try chord.symbol(in: #require(Key(key))) == symbol)
  }

  @Test func tonesAndBass() {
    let chord = Chord(root: PitchClass(semitones: 4), quality: .min7, inversion: 2)
    #expect(chord.tones.map(\.rawValue) == [4, 7, 11, 2] && chord.bass.rawValue == 11)
    #expect(
      chord.transposed(by: 9).tones.map(\.rawValue) == [1, 4, 8, 11] && chord.transposed(by: 9).bass.rawValue == 8)
    #expect(chord.transposed(by: -12) == chord)
  }

  /// A triad has no seventh that could be in the bass.
  @Test(arguments: [-1, 3, 4]) func inversionsThatDoNotExistAreRootPosition(inversion: Int) {
    let chord = Chord(root: PitchClass(semitones: 4), quality: .maj, inversion: inversion)
    #expect(chord.inversion == 0 && chord.bass == chord.root)
  }
}
