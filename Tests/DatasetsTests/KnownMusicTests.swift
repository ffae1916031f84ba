import Datasets
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct KnownMusicTests {
  private func tokens(
    _ seed: UInt64, notes: Range<Int> = 0..<200, semitones: Int = 0, tempo: Int = 500_000, velocity: UInt8 = 70
  ) throws -> [UInt16] {
    let walk = RandomWalk(
      seed, notes: notes, semitones: semitones, microsecondsPerQuarter: tempo, velocity: velocity)
    return try TokenEncoder().encode(walk.score).map(\.rawValue)
  }

  @Test func theSameMusicIsTakenOnce() throws {
    var known = KnownMusic()
    for seed in 1...20 as ClosedRange<UInt64> {
      #expect(known.insert(Fingerprint(try tokens(seed)), name: "\(seed)") == nil)
    }
    for tokens in try [
      tokens(5), tokens(5, semitones: 5), tokens(5, tempo: 460_000), tokens(5, velocity: 110),
      tokens(5, semitones: -7, tempo: 700_000, velocity: 30), tokens(5, notes: 0..<170),
    ] {
      #expect(known.insert(Fingerprint(tokens), name: "copy") == "5")
    }
    #expect(known.insert(Fingerprint(try tokens(21)), name: "21") == nil)
  }

  /// Tokens order the notes of a chord by level; the music counts as the same if other voices are louder.
  @Test func chordsOfOtherDynamicsAreTheSameMusic() throws {
    func fingerprint(_ levels: [UInt8]) throws -> Fingerprint {
      var generator = SeededGenerator(seed: 3)
      var notes: [Note] = []
      for beat in 0..<40 as Range<Int64> {
        let root = UInt8.random(in: 48...60, using: &generator)
        for (voice, interval) in ([0, 4, 7, 12] as [UInt8]).enumerated() {
          notes.append(
            Note(
              onset: Tick(rawValue: 480 * beat), end: Tick(rawValue: 480 * beat + 400),
              pitch: Pitch(masking: root + interval), velocity: Velocity(masking: levels[voice])))
        }
      }
      let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
      let score = Score(tempoMap: map, tracks: [Track(notes: notes, end: 20_000)])
      return Fingerprint(try TokenEncoder().encode(score).map(\.rawValue))
    }
    let even = try fingerprint([60, 60, 60, 60])
    #expect(even != Fingerprint(try tokens(1)))
    for levels in [[110, 90, 60, 40], [40, 60, 90, 110], [60, 110, 40, 90]] as [[UInt8]] {
      #expect(try fingerprint(levels) == even)
    }
  }

  /// No part of a held-out piece is used for training, neither as an excerpt nor within a longer piece.
  @Test func partsOfHeldOutMusicAreExcludedFromTraining() throws {
    var heldOut = HeldOutMusic()
    for seed in 1...20 as ClosedRange<UInt64> {
      heldOut.insert(Fingerprint(try tokens(seed)), name: "\(seed)", split: seed < 15 ? .valid : .test)
    }
    func source(_ tokens: [UInt16], _ split: Split) -> String? {
      heldOut.source(of: Fingerprint(tokens), in: split)?.name
    }
    #expect(try source(tokens(5, notes: 60..<100), .train) == "5")
    #expect(try source(tokens(5) + (30..<38).flatMap { try tokens($0) }, .train) == "5")
    #expect(try source(tokens(30), .train) == nil)
    // An excerpt of a validation piece may be in the validation set itself, but an excerpt of a test piece may not.
    #expect(try source(tokens(6, notes: 60..<100), .valid) == nil)
    #expect(try source(tokens(16, notes: 60..<100), .valid) == "16")
  }

  @Test(arguments: [0, 1, 2, 8, 9, 10])
  func piecesOfAFewNotesAreDistinguished(notes: Int) throws {
    var known = KnownMusic()
    #expect(known.insert(Fingerprint(try tokens(1, notes: 0..<notes)), name: "1") == nil)
    #expect(
      known.insert(Fingerprint(try tokens(1, notes: 0..<notes, semitones: 2)), name: "2") == (notes > 1 ? "1" : nil))
    #expect(known.insert(Fingerprint(try tokens(2, notes: 0..<20)), name: "3") == nil)
  }
}
