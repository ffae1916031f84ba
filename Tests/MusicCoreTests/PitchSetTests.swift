import MusicCore
import TestSupport
import Testing

@Suite struct PitchSetTests {
  /// All operations give the same results as on a `Set` of numbers.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func isASetOfPitches(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func draw() -> Set<Int> { Set((0..<20).map { _ in Int.random(in: 0...127, using: &generator) }) }
    func packed(_ pitches: Set<Int>) -> PitchSet { pitches.reduce(into: PitchSet()) { $0.insert($1) } }
    let (a, b) = (draw(), draw())
    let (x, y) = (packed(a), packed(b))
    #expect((0..<128).filter(x.contains) == a.sorted() && x.count == a.count)
    #expect(x.union(y) == packed(a.union(b)) && x.intersection(y) == packed(a.intersection(b)))
    #expect(x.subtracting(y) == packed(a.subtracting(b)))
    #expect(x.lowest == a.min() && x.highest == a.max())
    #expect(x.intersection(.above(60)) == packed(a.filter { $0 > 60 }))
    let classes = Set(a.map { $0 % 12 })
    #expect((0..<12).filter { x.pitchClasses.contains(PitchClass(semitones: $0)) } == classes.sorted())
    var rest = x
    #expect((0..<a.count).compactMap { _ in rest.popFirst() } == a.sorted() && rest.isEmpty && rest.popFirst() == nil)
  }

  @Test func bounds() {
    let ends: PitchSet = [0, 127]
    #expect(ends.lowest == 0 && ends.highest == 127 && PitchSet().lowest == nil && PitchSet().highest == nil)
    #expect(PitchSet.above(127).isEmpty && PitchSet.above(-1) == .all && PitchSet.all.count == 128)
  }

  @Test func pitchClassesAreTransposed() {
    let cMajor = PitchClassSet([0, 4, 7].map(PitchClass.init(semitones:)))
    #expect(cMajor.transposed(by: 7) == PitchClassSet([7, 11, 2].map(PitchClass.init(semitones:))))
    #expect(cMajor.transposed(by: 0) == cMajor && cMajor.transposed(by: 12) == cMajor)
    #expect(PitchSet([PitchClass(semitones: 1)]).highest == 121)
  }

  @Test(
    arguments: [
      ("C major", 0b1010_1011_0101), ("a minor", 0b1010_1011_0101), ("F# dorian", 0b1011_0101_1010), ("H major", nil),
      ("Cbb major", nil), ("B♭ lydian", 0b0110_1011_0101), ("c", nil),
    ] as [(String, UInt16?)])
  func scalesOfNames(name: String, bits: UInt16?) {
    #expect(Scale(name)?.pitchClasses.bits == bits)
  }

  /// Token time is rounded to the nearest tick.
  @Test(arguments: [(0, 0), (1, 64), (0.0078, 0), (0.0079, 1), (0.999, 64), (36_000_000, 2_304_000_000)])
  func timeIsRounded(seconds: Double, ticks: Int) {
    #expect(TokenTime(Seconds(seconds)).rawValue == ticks)
    #expect(TokenTime(TokenTime(rawValue: ticks).seconds).rawValue == ticks)
    let limit = TokenTime(atMost: Seconds(seconds))
    #expect(limit.seconds.rawValue <= seconds && limit.rawValue >= ticks - 1)
  }

  @Test func dataBytes() {
    #expect(Pitch(rawValue: 128) == nil && Pitch(masking: 188) == Pitch(rawValue: 60))
    #expect(Velocity(masking: 1) < Velocity(masking: 2))
  }
}
