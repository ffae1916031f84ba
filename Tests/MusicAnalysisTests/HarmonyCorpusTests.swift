import Foundation
import MIDIFiles
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

/// Pieces of the corpus, with facts found in any edition and textbook.
@Suite struct HarmonyCorpusTests {
  private static func analysis(_ name: String) throws -> Analysis {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(name).mid").path
    return Analysis(try MIDIFile(path: path).score, features: [.rhythm, .harmony])
  }

  /// The printed number of the bar at a time.
  private static func bar(of time: Seconds, in analysis: Analysis) throws -> Int {
    let rhythm = try #require(analysis.rhythm)
    let bar = try #require(rhythm.downbeatsSeconds.lastIndex { $0 <= time + Seconds(0.001) })
    return try #require(rhythm.firstBarNumber) + bar
  }

  @Test(arguments: [
    ("bach-aus-meines-herzens-grunde", 0, "3/4"), ("beethoven-fur-elise", 0, "3/8"), ("greensleeves", 0, "6/8"),
    ("chopin-prelude-a-major", 0, "3/4"), ("chopin-prelude-e-minor", 0, "4/4"), ("maple-leaf-rag", 0, "2/4"),
    ("bach-prelude-in-c", 1, "4/4"), ("mozart-sonata-k331-theme", 1, "6/8"),
  ]) func numbersBarsAsInPrint(_ name: String, _ first: Int, _ meter: String) throws {
    let rhythm = try #require(Self.analysis(name).rhythm)
    #expect(rhythm.firstBarNumber == first)
    #expect(rhythm.meters.map(\.meter.description) == [meter])
  }

  /// Keys that are a little in doubt, by the fitted weights: a waltz that goes to C minor, and a Gymnopédie between I and IV.
  @Test(arguments: [
    ("brahms-waltz-a-flat", 0.90, "C minor", 0.073), ("satie-gymnopedie-1", 0.87, "G major", 0.079),
  ]) func keysAreAsSureAsTheMusicIsClear(_ name: String, _ confidence: Double, _ other: String, _ rest: Double) throws {
    let key = try #require(Self.analysis(name).harmony?.key)
    let second = try #require(key.alternatives.first)
    #expect(second.name.description == other)
    #expect(abs(key.confidence - confidence) < 0.02 && abs(second.confidence - rest) < 0.02)
  }

  /// The key of a piece and one that it modulates to.
  @Test(arguments: [
    ("clementi-sonatina-op36-1", "C major", "G major"), ("bach-invention-13", "A minor", "C major"),
  ]) func followsModulations(_ name: String, _ home: String, _ other: String) throws {
    let harmony = try #require(Self.analysis(name).harmony)
    #expect(harmony.key?.name.description == home)
    #expect(harmony.localKeys.contains { $0.name.description == other })
    #expect(harmony.localKeys.count < 20)
  }

  /// Refrains and themes that do not modulate: Für Elise reaches F major only after the bars in the corpus.
  @Test(arguments: ["beethoven-fur-elise", "mozart-sonata-k331-theme", "korobeiniki"])
  func doesNotFlicker(_ name: String) throws {
    #expect(try #require(Self.analysis(name).harmony).localKeys.count == 1)
  }

  @Test func detectsAPeriod() throws {
    let analysis = try Self.analysis("mozart-sonata-k331-theme")
    let cadences = try #require(analysis.harmony).cadences
    let found = try cadences.map { ($0.kind, try Self.bar(of: $0.time, in: analysis)) }
    #expect(found.contains { $0 == (.half, 4) })
    #expect(found.contains { $0 == (.perfectAuthentic, 8) })
    let sure = try cadences.filter { $0.confidence >= 0.5 }.map { try Self.bar(of: $0.time, in: analysis) }
    #expect(!sure.contains { [1, 2, 3, 5, 6, 7].contains($0) })
  }

  @Test func namesTheCadentialSixFourAfterItsDominant() throws {
    let analysis = try Self.analysis("mozart-sonata-k331-theme")
    let chords = try #require(analysis.harmony).chords
    let inBar8 = try chords.filter { try Self.bar(of: $0.start, in: analysis) == 8 }
    #expect(inBar8.contains { $0.romanNumeral == "V(64)" && "\($0.root)" == "E" })
    #expect(!inBar8.contains { $0.romanNumeral == "I64" })
  }

  /// Music with a stepwise bass is not decoded as a song, although it has few chromatic tones: the close of the
  /// chorale's first section, and bars of the minuet that would be read as G major and A minor in a song.
  @Test(arguments: [
    ("bach-aus-meines-herzens-grunde", 5...7, "V6 I viio6 I6 ii65 V7 I"),
    ("petzold-minuet-in-g", 3...6, "IV I6 V43 I"),
  ]) func readsAStepwiseBassByTheCommonPractice(_ name: String, _ bars: ClosedRange<Int>, _ numerals: String) throws {
    let analysis = try Self.analysis(name)
    let chords = try #require(analysis.harmony).chords
    let found = try chords.filter { bars.contains(try Self.bar(of: $0.start, in: analysis)) }
    #expect(found.compactMap(\.romanNumeral).joined(separator: " ") == numerals)
  }

  @Test func doublingTheTimeHalvesOnlyTheTempo() throws {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/mozart-sonata-k331-theme.mid").path
    var score = try MIDIFile(path: path).score
    let once = Analysis(score, features: [.rhythm, .harmony])
    let slower = score.tempoMap.changes.map {
      TempoChange(tick: $0.tick, microsecondsPerQuarter: 2 * $0.microsecondsPerQuarter)
    }
    score.tempoMap = TempoMap(division: score.division, changes: slower)
    let twice = Analysis(score, features: [.rhythm, .harmony])
    let (a, b) = (try #require(once.harmony), try #require(twice.harmony))
    #expect(a.chords.map(\.romanNumeral) == b.chords.map(\.romanNumeral))
    let delays = zip(a.chords, b.chords).map { abs(2 * $0.start.rawValue - $1.start.rawValue) }
    #expect(delays.allSatisfy { $0 < 1e-4 })
    #expect(a.cadences.map(\.kind) == b.cadences.map(\.kind))
    #expect(a.localKeys.map(\.name) == b.localKeys.map(\.name))
    let (fast, slow) = (try #require(once.rhythm?.tempoBPM), try #require(twice.rhythm?.tempoBPM))
    #expect(abs(fast - 2 * slow) < 0.01)
  }
}

/// Music with a low bass and high chords in every transposition.
@Suite struct HarmonyTranspositionTests {
  private static let blocks = [
    [36, 64, 67, 72], [41, 65, 69, 72], [43, 64, 67, 72], [43, 62, 65, 71], [36, 64, 67, 72], [38, 66, 69, 72],
    [43, 62, 67, 71], [43, 62, 65, 71], [36, 64, 67, 72],
  ]

  @Test(arguments: 1..<8) func transpositionChangesOnlyNames(_ semitones: Int) throws {
    let original = Music.blocks(Self.blocks + Self.blocks, beats: 2).harmony
    let moved = Music.blocks((Self.blocks + Self.blocks).map { $0.map { $0 + semitones } }, beats: 2).harmony
    #expect(moved.key?.name.tonic == original.key?.name.tonic.transposed(by: semitones))
    #expect(moved.chords.map(\.romanNumeral) == original.chords.map(\.romanNumeral))
    #expect(moved.chords.map(\.start) == original.chords.map(\.start))
    let roots = original.chords.map { $0.root.pitchClass.transposed(by: semitones) }
    #expect(moved.chords.map(\.root.pitchClass) == roots)
    #expect(moved.cadences.map(\.kind) == original.cadences.map(\.kind))
    #expect(moved.cadences.map(\.time) == original.cadences.map(\.time))
  }
}
