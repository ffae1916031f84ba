import MusicCore
import Testing

@Suite struct NamesTests {
  /// The tonics of the keys from seven flats to seven sharps.
  static let majors = "C♭ G♭ D♭ A♭ E♭ B♭ F C G D A E B F♯ C♯".split(separator: " ").map(String.init)
  static let minors = "A♭ E♭ B♭ F C G D A E B F♯ C♯ G♯ D♯ A♯".split(separator: " ").map(String.init)
  static let tonics = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]

  @Test(arguments: -7...7) func keys(sharps: Int) {
    for (name, isMinor) in [(Self.majors[sharps + 7], false), (Self.minors[sharps + 7], true)] {
      let key = KeySignature(tick: 0, sharps: sharps, isMinor: isMinor)
      #expect(key.description == "\(name) \(isMinor ? "minor" : "major")")
      let accidental = name.hasSuffix("♯") ? 1 : name.hasSuffix("♭") ? 11 : 0
      #expect(key.key.tonic.rawValue == ((Self.tonics[String(name.prefix(1))] ?? -1) + accidental) % 12)
    }
  }

  @Test(
    arguments: [
      (0, "C-1", 0, -1), (21, "A0", 9, 0), (59, "B3", 11, 3), (60, "C4", 0, 4), (61, "C#4", 1, 4), (127, "G9", 7, 9),
    ] as [(UInt8, String, Int, Int)])
  func pitches(number: UInt8, name: String, pitchClass: Int, octave: Int) throws {
    let pitch = try #require(Pitch(rawValue: number))
    #expect(pitch.description == name)
    #expect(pitch.pitchClass.rawValue == pitchClass)
    #expect(pitch.octave == octave)
  }

  @Test(
    arguments: [
      ("C", 0, 0), ("E#", 5, 11), ("Cb", 11, -7), ("F", 5, -1), ("Bbb", 9, -9), ("F##", 7, 13), ("G#", 8, 8),
    ] as [(String, Int, Int)])
  func noteNamesKeepTheirSpelling(name: String, pitchClass: Int, fifths: Int) throws {
    let note = try #require(NoteName(name))
    #expect(note.pitchClass.rawValue == pitchClass && note.fifths == fifths && note.description == name)
    #expect(NoteName(fifths: fifths) == note)
  }

  @Test(arguments: ["", "H", "c", "C#b", "1"]) func otherTextIsNotANoteName(text: String) {
    #expect(NoteName(text) == nil)
  }

  @Test(
    arguments: [
      ("D minor", "D Eb E F F# G G# A Bb B C C#"), ("Ab major", "Ab Bbb Bb Cb C Db D Eb Fb F Gb G"),
      ("F# major", "F# G G# A A# B B# C# D D# E E#"),
    ] as [(String, String)])
  func keysSpellFromTheFlatSecondToTheSharpFourth(name: String, chromatic: String) throws {
    let key = try #require(Key(name))
    let names = (0..<12).map { key.name(of: key.tonic.transposed(by: $0)).description }
    #expect(names.joined(separator: " ") == chromatic)
  }

  @Test func pitchRange() {
    #expect(Pitch(rawValue: 128) == nil)
    #expect(Velocity(rawValue: 128) == nil)
    #expect(Program(rawValue: 128) == nil)
    #expect(Controller(rawValue: 128) == nil)
    #expect(Channel(rawValue: 16) == nil)
    #expect(Channel.drums.number == 10)
    #expect(Channel(status: 0x9F).number == 16)
    #expect(Pitch(masking: 60).transposed(by: 67) == Pitch(rawValue: 127))
    #expect(Pitch(masking: 60).transposed(by: 68) == nil)
    #expect(Pitch(masking: 60).transposed(by: -61) == nil)
    #expect(Pitch(masking: 69).frequency == 440)
    #expect(Pitch(masking: 57).frequency == 220)
  }

  @Test(arguments: UInt8(1)...127) func dynamicLevels(velocity: UInt8) {
    // Of two levels that are equally near, `min` takes the first, which is the lower one.
    let nearest = DynamicLevel.allCases.min {
      abs(Int($0.velocity.rawValue) - Int(velocity)) < abs(Int($1.velocity.rawValue) - Int(velocity))
    }
    #expect(DynamicLevel(nearest: Velocity(masking: velocity)) == nearest)
  }

  @Test(
    arguments: [
      (1, "pp"), (41, "pp"), (42, "p"), (56, "p"), (57, "mp"), (72, "mp"), (73, "mf"), (88, "mf"), (89, "f"),
      (104, "f"),
      (105, "ff"), (127, "ff"),
    ] as [(UInt8, String)])
  func boundsOfDynamicLevels(velocity: UInt8, name: String) {
    let level = DynamicLevel(nearest: Velocity(masking: velocity))
    #expect(level.description == name)
    #expect(DynamicLevel(name) == level)
  }

  @Test func dynamicLevelsRise() {
    #expect(DynamicLevel.allCases == DynamicLevel.allCases.sorted())
    #expect(DynamicLevel.allCases.allSatisfy { DynamicLevel(nearest: $0.velocity) == $0 })
    #expect(DynamicLevel("fff") == nil)
  }

  @Test func textsAreUTF8OrLatin1() {
    #expect(TextEvent(tick: 0, kind: .lyric, bytes: Array("Für".utf8)).string == "Für")
    #expect(TextEvent(tick: 0, kind: .lyric, bytes: [0x46, 0xFC, 0x72]).string == "Für")
  }
}
