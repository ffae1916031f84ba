import MusicAnalysis
import MusicCore
import Testing

/// Four-bar phrases with each kind of cadence, followed by a perfect cadence that makes the key unambiguous.
@Suite struct CadenceTests {
  /// Pitches with the beat at which they start and their duration in beats.
  private typealias Block = (beat: Double, beats: Double, pitches: [Int])

  private static let opening: [Block] = [
    (0, 4, [48, 55, 64]), (0, 1, [72]), (1, 1, [74]), (2, 1, [76]), (3, 1, [72]),
    (4, 4, [53, 57, 60]), (4, 1, [77]), (5, 1, [76]), (6, 1, [74]), (7, 1, [72]),
  ]
  private static let dominant: [Block] = [
    (8, 2, [53, 57, 62]), (8, 1, [74]), (9, 1, [77]), (10, 2, [43, 59, 65]), (10, 1, [74]), (11, 1, [71]),
  ]
  private static let closes: [Cadence.Kind: [Block]] = [
    .perfectAuthentic: dominant + [(12, 4, [48, 64, 67, 72])],
    .imperfectAuthentic: dominant + [(12, 4, [48, 64, 67, 76])],
    .half: [
      (8, 2, [52, 60, 67]), (8, 1, [72]), (9, 1, [76]), (10, 2, [53, 57, 62]), (10, 1, [77]), (11, 1, [74]),
      (12, 4, [55, 59, 62, 74]),
    ],
    .deceptive: dominant + [(12, 4, [45, 60, 64, 72])],
  ]

  private static func score(_ kind: Cadence.Kind, movedBy semitones: Int, minor: Bool) throws -> Score {
    let blocks = opening + (try #require(closes[kind]))
    let last = opening + (try #require(closes[.perfectAuthentic]))
    let all = blocks + last.map { (beat: $0.beat + 16, beats: $0.beats, pitches: $0.pitches) }
    let notes = all.flatMap { block in
      block.pitches.map { pitch in
        // In minor the third and the sixth are lowered, but not the leading tone.
        let lowered = minor && [4, 9].contains(pitch % 12) ? pitch - 1 : pitch
        return Music.note(lowered + semitones, at: block.beat, beats: block.beats)
      }
    }
    return Music.score(notes)
  }

  @Test(arguments: closes.keys.sorted { $0.rawValue < $1.rawValue }, [0, 3, 7])
  func detectsCadences(_ kind: Cadence.Kind, _ semitones: Int) throws {
    for minor in [false, true] {
      let harmony = try Self.score(kind, movedBy: semitones, minor: minor).harmony
      #expect(harmony.key?.name == Key(tonic: PitchClass(semitones: semitones), isMinor: minor))
      let first = try #require(harmony.cadences.first { $0.time == Seconds(6) })
      #expect(first.kind == kind, "minor: \(minor)")
      #expect(first.evidence.meter == .downbeat && first.evidence.gapQuarters == 4)
      let last = try #require(harmony.cadences.last)
      #expect(last.kind == .perfectAuthentic && last.time == Seconds(14) && last.evidence.bass.hasSuffix("5 1"))
      #expect(last.confidence > 0.6)
    }
  }

  /// Both chords of an authentic cadence are in root position.
  @Test(arguments: [([47, 62, 65, 67], [48, 64, 67, 72]), ([43, 59, 62, 65], [52, 60, 67, 72])])
  func inversionsAreNoAuthenticCadence(dominant: [Int], tonic: [Int]) {
    let blocks: [Block] =
      Self.opening + [
        (8, 2, [53, 57, 62]), (8, 1, [74]), (9, 1, [77]), (10, 2, dominant), (10, 1, [74]), (11, 1, [71]),
        (12, 4, tonic),
      ]
    let notes = blocks.flatMap { block in
      block.pitches.map { Music.note($0, at: block.beat, beats: block.beats) }
    }
    let kinds = Music.score(notes).harmony.cadences.filter { $0.time == Seconds(6) }.map(\.kind)
    #expect(!kinds.contains(.perfectAuthentic) && !kinds.contains(.imperfectAuthentic))
  }

  /// With the subdominant in place of the last dominant, the same music ends with a plagal cadence, which has a lower
  /// confidence.
  @Test func aSubdominantBeforeTheTonicIsPlagal() throws {
    let blocks: [Block] =
      Self.opening + [(8, 4, [41, 60, 65, 69]), (8, 1, [77]), (9, 3, [72]), (12, 12, [48, 55, 64, 72])]
    let notes = blocks.flatMap { block in
      block.pitches.map { Music.note($0, at: block.beat, beats: block.beats) }
    }
    let last = try #require(Music.score(notes).harmony.cadences.last)
    #expect(last.kind == .plagal && last.time == Seconds(6) && last.evidence.bass == "4 1")
    #expect(!Confidence.isSure(last.confidence))
  }
}
