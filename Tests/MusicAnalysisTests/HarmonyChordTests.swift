import MusicAnalysis
import MusicCore
import Testing

@Suite struct HarmonyChordTests {
  /// Qualities whose notes form no other chord in another inversion.
  static let plain: [ChordQuality] = [.maj, .min, .dim, .dominant7, .maj7, .min7, .minmaj7, .sus4]

  @Test(arguments: plain, 0..<12) func findsHeldChords(_ quality: ChordQuality, _ root: Int) throws {
    let chord = quality.intervals.map { 48 + root + $0 }
    let found = try #require(Music.blocks([chord], beats: 4).harmony.chords.first)
    #expect(found.root.pitchClass.rawValue == root)
    #expect(found.quality == quality)
    #expect(found.bass.pitchClass.rawValue == root)
    #expect(0...1 ~= found.confidence)
  }

  @Test func segmentsAProgressionAtBeats() {
    let blocks = [[48, 64, 67, 72], [45, 64, 69, 72], [41, 65, 69, 72], [43, 65, 67, 71]]
    let chords = Music.blocks(blocks + blocks, beats: 2).harmony.chords
    #expect(chords.map { "\($0.root)" } == ["C", "A", "F", "G", "C", "A", "F", "G"])
    #expect(chords.map(\.quality) == [.maj, .min, .maj, .dominant7, .maj, .min, .maj, .dominant7])
    #expect(chords.map(\.start.rawValue) == (0..<8).map(Double.init))
    #expect(zip(chords, chords.dropFirst()).allSatisfy { $0.end == $1.start })
  }

  @Test func detectsBrokenChordsDespiteOrnaments() {
    // C major in eighths under a melody with the neighbors D and F, then G major with A and C.
    let broken = [48, 55, 52, 55, 48, 55, 52, 55, 43, 50, 47, 50, 43, 50, 47, 50]
    let melody = [76, 77, 76, 74, 72, 74, 76, 72, 74, 76, 74, 72, 71, 72, 71, 69]
    let notes = broken.indices.flatMap { index in
      [broken[index], melody[index]].map { Music.note($0, at: Double(index) / 2, beats: 0.5) }
    }
    let chords = Music.score(notes).harmony.chords
    #expect(chords.map { "\($0.root) \($0.quality.rawValue)" } == ["C maj", "G maj"])
    #expect(chords.last?.start == Seconds(2))
  }

  /// Music shifted from the grid of beats, by a number of ticks at 480 per quarter.
  @Test(arguments: [120, 240, 260, 340]) func followsMusicOffTheGrid(_ offset: Int64) {
    let blocks = [[48, 64, 67], [43, 62, 67, 71], [45, 64, 69], [41, 65, 69]]
    var score = Music.blocks(blocks + blocks + blocks, beats: 2)
    for index in score.tracks[0].notes.indices {
      score.tracks[0].notes[index].onset.rawValue += offset
      score.tracks[0].notes[index].end.rawValue += offset
    }
    let starts = score.harmony.chords.map(\.start.rawValue)
    #expect(starts.count == 12)
    #expect(zip(starts, 0...).allSatisfy { abs($0 - Double($1) - Double(offset) / 960) < 1e-5 })
  }

  @Test(arguments: [([48, 52, 55], 0), ([52, 55, 60], 1), ([43, 48, 52], 2)])
  func namesInversions(_ pitches: [Int], _ inversion: Int) throws {
    #expect(try #require(Music.blocks([pitches], beats: 2).harmony.chords.first).inversion == inversion)
  }

  @Test(arguments: [
    ("C major", "C", ChordQuality.maj, "C", "I"), ("C major", "D", .min7, "F", "ii65"),
    ("C major", "G", .dominant7, "G", "V7"),
    ("C major", "G", .maj, "D", "V64"), ("C major", "B", .hdim7, "B", "viiø7"), ("C major", "Bb", .maj, "Bb", "bVII"),
    ("C major", "Eb", .min, "Eb", "biii"), ("C major", "F", .maj7, "F", "IVmaj7"),
    ("A minor", "G#", .dim7, "B", "viio65"),
    ("A minor", "E", .maj, "G#", "V6"), ("A minor", "F", .maj, "F", "VI"), ("A minor", "C", .aug, "C", "III+"),
    ("C major", "G", .sus4, "G", "Vsus4"), ("C major", "C", .maj6, "C", "Iadd6"),
  ]) func writesRomanNumerals(
    _ key: String, _ root: String, _ quality: ChordQuality, _ bass: String, _ numeral: String
  ) throws {
    let chord = try Self.chord(root, quality, bass)
    #expect(RomanNumeral.name(chord, in: try #require(Key(key)), goal: nil) == numeral)
  }

  @Test(arguments: [
    ("D", ChordQuality.dominant7, "D", "G", ChordQuality.maj, "V7/V"), ("D", .maj, "F#", "G", .maj, "V6/V"),
    ("A", .dominant7, "A", "D", .min, "V7/ii"), ("C#", .dim7, "E", "D", .min, "viio65/ii"),
    ("F#", .dim, "F#", "G", .maj, "viio/V"), ("B", .dim7, "B", "C", .maj, "viio7"),
    // A diatonic triad is not applied, nor is a dominant seventh that does not resolve.
    ("C", .maj, "C", "F", .maj, "I"), ("D", .dominant7, "D", "F", .maj, "II7"),
  ]) func readsAppliedDominants(
    _ root: String, _ quality: ChordQuality, _ bass: String, _ goal: String, _ goalQuality: ChordQuality,
    _ numeral: String
  ) throws {
    let chord = try Self.chord(root, quality, bass)
    let next = try Self.chord(goal, goalQuality, goal)
    #expect(RomanNumeral.name(chord, in: try #require(Key("C major")), goal: next) == numeral)
  }

  /// In every key the dominant progresses to the tonic, and the secondary dominant to the dominant, more often than to
  /// a chord of the same family on any other root.
  @Test(arguments: (0..<Key.count).map(Key.init(index:))) func progressionsFollowTheKey(_ key: Key) {
    let rows = ChordModel.progressions(in: key)
    func goal(from degree: Int, toFamily family: Int) -> PitchClass {
      let root = key.tonic.transposed(by: degree)
      let row = rows[family * 12 + root.rawValue]
      let others = (0..<12).filter { $0 != root.rawValue }
      return PitchClass(semitones: others.max { row[$0] < row[$1] } ?? 0)
    }
    #expect(goal(from: 7, toFamily: key.isMinor ? 1 : 0) == key.tonic)
    #expect(goal(from: 2, toFamily: 0) == key.tonic.transposed(by: 7))
  }

  @Test func spellsChordsByTheirResolution() {
    // D minor with its leading-tone chord, and then that of its fourth degree, whose root is the raised third.
    let blocks = [
      [50, 65, 69], [49, 64, 67, 70], [50, 65, 69], [54, 60, 63, 69], [43, 58, 62], [45, 61, 64], [50, 65, 69],
    ]
    let names = Music.blocks(blocks + blocks, beats: 2).harmony.chords.map { "\($0.root)" }
    #expect(names.contains("C#") && names.contains("F#") && !names.contains("Db") && !names.contains("Gb"))
  }

  private static func chord(_ root: String, _ quality: ChordQuality, _ bass: String) throws -> ChordSpan {
    ChordSpan(
      start: .zero, end: Seconds(1), root: try #require(NoteName(root)), quality: quality,
      bass: try #require(NoteName(bass)), confidence: 1)
  }
}
