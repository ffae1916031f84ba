import MusicAnalysis
import MusicCore
import Testing

@Suite struct HarmonyKeyTests {
  static let allKeys = (0..<24).map(Key.init(index:))

  /// I–IV–V–I twice, in block chords of two beats over their roots.
  @Test(arguments: allKeys) func findsKeysOfCadences(_ key: Key) throws {
    let third = key.isMinor ? 3 : 4
    let tonic = [0, third, 7], subdominant = [5, 5 + third, 12], dominant = [7, 11, 14]
    let blocks = [tonic, subdominant, dominant, tonic].map { $0.map { $0 + key.tonic.rawValue + 60 } }
    let music = Music.blocks(blocks + blocks, beats: 2)
    let estimate = try #require(music.harmony.key)
    #expect(estimate.name == key)
    #expect(HarmonyAnalysis.key(of: music) == HarmonyAnalysis(music, beats: []).key, "same without the rest")
    #expect(estimate.confidence > 0.5)
    #expect(estimate.alternatives.count == 4)
    #expect(estimate.alternatives.allSatisfy { $0.confidence <= estimate.confidence && $0.name.key != key })
  }

  @Test(arguments: allKeys) func parsesNamesOfKeys(_ key: Key) {
    #expect(Key(key.description) == key)
  }

  @Test(arguments: [
    (1, false, "Db major"), (6, false, "F# major"), (10, false, "Bb major"), (3, true, "Eb minor"),
    (8, true, "G# minor"),
    (5, true, "F minor"), (1, true, "C# minor"), (2, true, "D minor"),
  ]) func spellsKeysConventionally(_ tonic: Int, _ isMinor: Bool, _ name: String) {
    #expect(Key(tonic: PitchClass(semitones: tonic), isMinor: isMinor).description == name)
  }

  @Test(arguments: [
    ("C major", "C major", Key.Relation.same), ("C major", "G major", .fifth), ("C major", "F major", .fifth),
    ("C major", "A minor", .relative), ("A minor", "C major", .relative), ("C major", "C minor", .parallel),
    ("C major", "G minor", .other), ("C major", "D major", .other),
  ]) func classifiesRelationsOfKeys(_ a: String, _ b: String, _ relation: Key.Relation) throws {
    #expect(try #require(Key(a)).relation(to: #require(Key(b))) == relation)
  }

  @Test(arguments: KeyProfiles.all.map(\.name)) func profilesFindTheKeyOfAScale(_ name: String) throws {
    let profile = try #require(KeyProfiles.all.first { $0.name == name })
    // The scale of D major with its triad twice.
    var scale = PitchClassProfile()
    for degree in [0, 2, 4, 5, 7, 9, 11, 0, 4, 7] { scale.weights[(2 + degree) % 12] += 1 }
    #expect(profile.bestKey(scale)?.description == "D major")
    #expect(profile.bestKey(PitchClassProfile(Array(repeating: 1, count: 12))) == nil)
  }

  @Test(arguments: [
    ("C major", [0, 2, 4, 5, 7, 9, 11], ScaleMode.ionian), ("C major", [0, 2, 4, 6, 7, 9, 11], .lydian),
    ("C major", [0, 2, 4, 5, 7, 9, 10], .mixolydian), ("D minor", [2, 4, 5, 7, 9, 10, 0], .aeolian),
    ("D minor", [2, 4, 5, 7, 9, 11, 0], .dorian), ("E minor", [4, 5, 7, 9, 11, 0, 2], .phrygian),
    ("B minor", [11, 0, 2, 4, 5, 7, 9], .locrian),
  ]) func namesModes(_ key: String, _ pitchClasses: [Int], _ mode: ScaleMode) throws {
    var profile = PitchClassProfile()
    for pitchClass in pitchClasses { profile.weights[pitchClass] = 1 }
    #expect(ScaleMode(of: profile, key: try #require(Key(key))) == mode)
  }

  @Test func leadingTonesDoNotChangeTheMode() throws {
    // Harmonic minor with some natural sevenths and a raised sixth in passing.
    var profile = PitchClassProfile([8, 0, 4, 6, 0, 5, 0, 7, 3, 1, 2, 3])
    #expect(ScaleMode(of: profile, key: try #require(Key("C minor"))) == .aeolian)
    profile.weights[9] = 7
    #expect(ScaleMode(of: profile, key: try #require(Key("C minor"))) == .dorian)
  }

  @Test func followsAModulation() throws {
    let cadence = [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]]
    let inE = cadence.map { $0.map { $0 + 4 } }
    let harmony = Music.blocks(cadence + cadence + cadence + inE + inE + inE, beats: 2).harmony
    #expect(harmony.localKeys.map(\.name.description) == ["C major", "E major"])
    let change = try #require(harmony.localKeys.last).start
    #expect(abs(change.rawValue - 12) <= 1)
    #expect(harmony.localKeys.first?.end == change)
  }

  @Test func reportsConflictsWithTheSignature() throws {
    let cadence = [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]]
    var score = Music.blocks(cadence + cadence, beats: 2)
    score.keySignatures = [KeySignature(tick: .zero, sharps: 4, isMinor: false)]
    let conflict = try #require(score.harmony.keySignature)
    #expect(conflict.written.description == "E major")
    #expect(conflict.isConflict)
    score.keySignatures = [KeySignature(tick: .zero, sharps: 0, isMinor: true)]
    let relative = try #require(score.harmony.keySignature)
    #expect(relative.relation == .relative)
    #expect(!relative.isConflict)
  }

  /// Sequencers write C major where no key was chosen.
  @Test func aDefaultSignatureIsNoConflict() throws {
    let cadence = [[66, 70, 73], [71, 75, 78], [73, 77, 80], [66, 70, 73]]
    var score = Music.blocks(cadence + cadence, beats: 2)
    let cMajor = KeySignature(tick: .zero, sharps: 0, isMinor: false)
    func isConflict(_ signatures: [KeySignature]) throws -> Bool {
      score.keySignatures = signatures
      let check = try #require(score.harmony.keySignature)
      #expect(check.written == signatures[0].key && check.relation == .other)
      return check.isConflict
    }
    #expect(try !isConflict([cMajor]))
    // Some write it in each track.
    #expect(try !isConflict([cMajor, cMajor]))
    #expect(try isConflict([cMajor, KeySignature(tick: 1920, sharps: 1, isMinor: false)]))
    #expect(try isConflict([KeySignature(tick: 1920, sharps: 0, isMinor: false)]))
    #expect(try isConflict([KeySignature(tick: .zero, sharps: 0, isMinor: true)]))
  }
}
