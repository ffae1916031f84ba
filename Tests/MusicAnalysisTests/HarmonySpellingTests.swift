import MusicAnalysis
import MusicCore
import Testing

/// The names of keys, chords and notes in pieces that leave their key.
@Suite struct HarmonySpellingTests {
  /// A piece in a major key with a section in another key, in block chords of two beats.
  private static func piece(home: Int, other: Int, isMinor: Bool) -> Score {
    func cadence(_ tonic: Int, isMinor: Bool) -> [[Int]] {
      let third = isMinor ? 3 : 4
      let chords = [[0, 12 + third, 19], [5, 17, 17 + third], [7, 14, 19, 23], [0, 12 + third, 19]]
      return chords.map { $0.map { $0 + tonic } }
    }
    let (here, there) = (cadence(home, isMinor: false), cadence(other, isMinor: isMinor))
    return Music.blocks(here + here + here + here + there + there + there + here + here + here, beats: 2)
  }

  @Test func aFlatMajorHasItsParallelMinor() throws {
    let harmony = Self.piece(home: 56, other: 56, isMinor: true).harmony
    #expect(harmony.key?.name.description == "Ab major")
    #expect(harmony.key?.alternatives.first?.name.description == "Ab minor")
    #expect(harmony.localKeys.map(\.name.description) == ["Ab major", "Ab minor", "Ab major"])
    let section = try #require(harmony.localKeys.first { $0.name.isMinor })
    let inside = section.start + Seconds(0.1)..<section.end - Seconds(0.1)
    #expect(harmony.cadences.contains { inside.contains($0.time) })
    #expect(harmony.cadences.allSatisfy { $0.key.tonic == NoteName("Ab") })
    let chords = harmony.chords.filter { inside.contains($0.start) }
    #expect(Set(chords.map(\.root.description)) == ["Ab", "Db", "Eb"])
    // The third of the tonic, which G sharp minor would write as B.
    let spelling = Spelling(harmony)
    let tonic = try #require(chords.first { $0.romanNumeral == "i" })
    #expect(spelling.name(of: Pitch(masking: 71), at: tonic.start) == "Cb5")
    #expect(spelling.key(at: tonic.start)?.description == "Ab minor")
  }

  @Test(arguments: [(49, "C# minor"), (56, "G# minor")]) func eMajorStaysOnTheSideOfSharps(tonic: Int, name: String) {
    let harmony = Self.piece(home: 52, other: tonic, isMinor: true).harmony
    #expect(harmony.localKeys.map(\.name.description) == ["E major", name, "E major"])
    #expect(harmony.chords.allSatisfy { !$0.root.description.hasSuffix("b") })
  }

  @Test(arguments: 0..<12) func transpositionMovesTheKeys(semitones: Int) {
    let original = Self.piece(home: 48, other: 48, isMinor: true).harmony
    let moved = Self.piece(home: 48 + semitones, other: 48 + semitones, isMinor: true).harmony
    func moves(_ key: Key, to other: Key) -> Bool {
      other == Key(tonic: key.tonic.transposed(by: semitones), isMinor: key.isMinor)
    }
    #expect(moved.localKeys.map(\.start) == original.localKeys.map(\.start))
    for (key, other) in zip(original.localKeys, moved.localKeys) {
      #expect(moves(key.name.key, to: other.name.key) && abs(other.name.sharps) <= 7)
    }
    #expect(moved.cadences.count == original.cadences.count)
    for (cadence, other) in zip(original.cadences, moved.cadences) {
      #expect(moves(cadence.key.key, to: other.key.key) && abs(other.key.sharps) <= 7)
    }
    #expect(moved.chords.map(\.romanNumeral) == original.chords.map(\.romanNumeral))
  }
}
