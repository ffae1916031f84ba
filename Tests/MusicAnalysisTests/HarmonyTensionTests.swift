import MusicAnalysis
import MusicCore
import Testing

@Suite struct HarmonyTensionTests {
  @Test func entropyCountsPitchClasses() throws {
    #expect(PitchClassProfile().entropyBits == nil)
    #expect(PitchClassProfile([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).entropyBits == 0)
    let four = PitchClassProfile([2, 0, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0])
    #expect(abs(try #require(four.entropyBits) - 2) < 1e-12)
  }

  @Test(arguments: [
    ([0, 4, 7], [0.0, 0, 1, 1, 1, 0]), ([0, 3, 6, 9], [0, 0, 4, 0, 0, 2]), ([0, 2, 4, 6, 8, 10], [0, 6, 0, 6, 0, 3]),
    ([11, 0], [1, 0, 0, 0, 0, 0]),
  ]) func countsIntervalClasses(_ pitchClasses: [Int], _ vector: [Double]) {
    var profile = PitchClassProfile()
    for pitchClass in pitchClasses { profile.weights[pitchClass] = 1 }
    #expect(Consonance.intervalVector(of: profile) == vector)
  }

  @Test func triadsAreMoreConsonantThanClusters() throws {
    let triad = PitchClassProfile([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0])
    let cluster = PitchClassProfile([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    // (0.594 + 0.386 + 1.240) / 3
    #expect(abs(try #require(Consonance.mean(of: triad)) - 0.74) < 1e-9)
    #expect(try #require(Consonance.mean(of: cluster)) < -1)
    #expect(Consonance.mean(of: PitchClassProfile([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])) == nil)
  }

  @Test func fifthsAreNeighborsOnTheSpiral() {
    let c = SpiralArray.pitch(0)
    // A fifth is a quarter turn and one step up; a major third, four fifths, is directly above.
    #expect(abs(SpiralArray.distance(c, SpiralArray.pitch(1)) - (2 + 0.16).squareRoot()) < 1e-12)
    #expect(abs(SpiralArray.distance(c, SpiralArray.pitch(4)) - 1.6) < 1e-12)
    #expect(SpiralArray.distance(c, SpiralArray.pitch(-7)) > SpiralArray.distance(c, SpiralArray.pitch(2)))
  }

  @Test(arguments: [
    ("C major", 0), ("Db major", -5), ("F# major", 6), ("A minor", 3), ("Eb minor", -3), ("G# minor", 8),
  ])
  func placesTonicsOnTheLineOfFifths(_ name: String, _ fifths: Int) throws {
    #expect(try #require(Key(name)).lineOfFifths == fifths)
  }

  @Test func spellsInTheKey() throws {
    let key = try #require(Key("E major"))
    // Fifths above C: E is 4, G sharp 8, and C, the flat sixth, 0.
    #expect([4, 8, 0].map { key.name(of: PitchClass(semitones: $0)).fifths } == [4, 8, 0])
    #expect(key.name(of: PitchClass(semitones: 10)).fifths == 10)
    #expect(key.name(of: PitchClass(semitones: 5)).fifths == -1)
  }

  @Test func distantChordsIncreaseStrainAndMomentum() throws {
    let home = [[48, 64, 67], [53, 65, 69], [55, 62, 71], [48, 64, 67]]
    let blocks = home + home + [[54, 66, 70, 73]] + home
    let tension = try #require(Music.blocks(blocks, beats: 2).harmony.tension)
    let (far, near) = (tension.tensileStrain[16], tension.tensileStrain[0])
    #expect(far > 2 * near)
    #expect(tension.cloudMomentum[16] > tension.cloudMomentum[2])
    #expect(tension.cloudMomentum[1] == 0)
    #expect(Set([tension.starts.count, tension.consonance.count, tension.cloudDiameter.count]).count == 1)
  }

  @Test func strainIsRelativeToTheLocalKey() throws {
    let cadence = [[48, 64, 67], [53, 65, 69], [55, 62, 71], [48, 64, 67]]
    let inEFlat = cadence.map { $0.map { $0 + 3 } }
    let blocks = cadence + cadence + cadence + inEFlat + inEFlat + inEFlat
    let tension = try #require(Music.blocks(blocks, beats: 2).harmony.tension)
    #expect(abs(tension.tensileStrain[46] - tension.tensileStrain[0]) < 1e-6)
  }

  @Test func noCadenceWhereTheMelodyContinues() {
    let cadence = [[48, 64, 67], [53, 65, 69], [55, 62, 71], [48, 64, 67]]
    let cadences = Music.blocks(cadence + cadence + cadence, beats: 2).harmony.cadences.filter { $0.confidence >= 0.5 }
    #expect(cadences.map(\.time) == [Seconds(11)])
  }

  @Test(arguments: [
    ([[48, 64, 67, 72], [53, 65, 69, 72], [55, 65, 71, 74], [48, 64, 67, 72]], Cadence.Kind.perfectAuthentic),
    ([[48, 64, 67, 72], [53, 65, 69, 72], [55, 65, 71, 74], [48, 60, 67, 76]], .imperfectAuthentic),
    ([[48, 64, 67, 72], [55, 65, 71, 74], [48, 64, 67, 72], [55, 62, 67, 71]], .half),
    ([[48, 64, 67, 72], [55, 65, 71, 74], [55, 65, 71, 74], [45, 64, 69, 72]], .deceptive),
    ([[48, 64, 67, 72], [55, 65, 71, 74], [53, 65, 69, 72], [48, 64, 67, 72]], .plagal),
  ]) func namesCadences(_ chords: [[Int]], _ kind: Cadence.Kind) throws {
    // Bars of chords that establish C major, then the cadence, whose last chord is held.
    let opening = [[48, 64, 67, 72], [53, 65, 69, 72], [55, 65, 71, 74], [48, 64, 67, 72]]
    var notes: [Note] = []
    for (bar, chord) in (opening + chords).enumerated() {
      let isLast = bar == 7
      for beat in stride(from: 0.0, to: isLast ? 0.5 : 4, by: 1) {
        notes += chord.map { Music.note($0, at: Double(bar * 4) + beat, beats: isLast ? 4 : 1) }
      }
    }
    let cadence = try #require(Music.score(notes).harmony.cadences.last)
    #expect(cadence.kind == kind)
    #expect(cadence.time == Seconds(14))
    #expect(cadence.key.description == "C major")
  }
}
