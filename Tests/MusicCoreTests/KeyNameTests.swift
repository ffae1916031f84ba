import MusicCore
import Testing

@Suite struct KeyNameTests {
  @Test(
    arguments: [
      ("Ab major", 8, true, "Ab minor"), ("E major", 8, true, "G# minor"), ("E major", 1, true, "C# minor"),
      ("Db major", 6, false, "Gb major"), ("B major", 6, false, "F# major"), ("B major", 3, true, "D# minor"),
      ("F# major", 1, false, "C# major"), ("F# major", 10, true, "A# minor"), ("Gb major", 11, false, "Cb major"),
      ("C major", 6, false, "F# major"), ("A minor", 3, true, "Eb minor"), ("D major", 10, true, "Bb minor"),
      ("G minor", 11, false, "B major"), ("C minor", 8, true, "Ab minor"), ("F major", 1, false, "Db major"),
    ] as [(String, Int, Bool, String)])
  func keysAreSpelledOnTheSideOfTheHomeKey(home: String, tonic: Int, isMinor: Bool, name: String) throws {
    let key = Key(tonic: PitchClass(semitones: tonic), isMinor: isMinor)
    #expect(KeyName(key, near: try #require(KeyName(home))).description == name)
  }

  @Test(arguments: (0..<24).map { KeyName(Key(index: $0)) }) func relatedKeysHaveRelatedNames(home: KeyName) {
    func name(semitones: Int, isMinor: Bool) -> KeyName {
      KeyName(Key(tonic: home.key.tonic.transposed(by: semitones), isMinor: isMinor), near: home)
    }
    #expect(name(semitones: 0, isMinor: home.isMinor) == home)
    #expect(name(semitones: 7, isMinor: home.isMinor).sharps == home.sharps + 1)
    #expect(name(semitones: 5, isMinor: home.isMinor).sharps == home.sharps - 1)
    #expect(name(semitones: home.isMinor ? 3 : 9, isMinor: !home.isMinor).sharps == home.sharps)
    let parallel = KeyName(tonic: home.tonic, isMinor: !home.isMinor)
    if abs(parallel.sharps) <= 7 { #expect(name(semitones: 0, isMinor: parallel.isMinor) == parallel) }
    for key in (0..<24).map(Key.init(index:)) {
      let name = KeyName(key, near: home)
      #expect(name.key == key && abs(name.sharps) <= 7)
    }
  }

  @Test(arguments: [("Ab minor", -7), ("G# minor", 5), ("Cb major", -7), ("C# major", 7), ("D minor", -1)])
  func namesKeepTheirSpelling(name: String, sharps: Int) throws {
    let key = try #require(KeyName(name))
    #expect(key.description == name && key.sharps == sharps)
  }

  @Test(arguments: ["", "C", "H major", "C dorian", "c major"]) func otherTextIsNotAKey(text: String) {
    #expect(KeyName(text) == nil)
  }
}
