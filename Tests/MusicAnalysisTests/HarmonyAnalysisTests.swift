import Foundation
import MusicAnalysis
import MusicCore
import Testing

@Suite struct HarmonyAnalysisTests {
  static let degenerate: [(name: String, score: Score)] = [
    ("no track", Music.score([])),
    ("one note", Music.score([Music.note(60, at: 0, beats: 1)])),
    ("a note of no length", Music.score([Music.note(60, at: 3, beats: 0)])),
    ("one pitch class", Music.score((0..<20).map { Music.note(48 + 12 * ($0 % 3), at: Double($0), beats: 1) })),
    ("drums", Music.score((0..<40).map { Music.note(36 + $0 % 12, at: Double($0) / 2, beats: 0.5, channel: 9) })),
  ]

  @Test(arguments: degenerate.indices) func reportsNothingWithoutMusic(_ index: Int) throws {
    let harmony = Self.degenerate[index].score.harmony
    #expect(harmony.key == nil)
    #expect(harmony.chords.isEmpty && harmony.localKeys.isEmpty && harmony.cadences.isEmpty)
    #expect(harmony.harmonicRhythm == nil)
    try Self.expectPlainNumbers(harmony)
  }

  @Test(arguments: [1, 2, 3, 12]) func hasLowConfidenceInClusters(_ semitone: Int) throws {
    // Chromatic clusters, whole-tone chords, diminished chords and octaves, each rising by semitones.
    let blocks = (0..<16).map { step in (0..<12).map { 40 + step + $0 * semitone }.filter { $0 < 128 } }
    let harmony = Music.blocks(blocks).harmony
    if let key = harmony.key { #expect(key.confidence < 0.9) }
    try Self.expectPlainNumbers(harmony)
  }

  @Test func acceptsIrregularGrids() throws {
    let score = Music.blocks([[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]], beats: 2)
    let grids: [[Double]] = [
      [], [1], [0, 0, 0], [3, 2, 1], [.nan, 0, .infinity, 1], [100, 101], [-5, -4], [0, 1e-9, 1e-8], [0, 1e9],
    ]
    for grid in grids {
      try Self.expectPlainNumbers(HarmonyAnalysis(score, beats: grid.map { Seconds($0) }))
    }
  }

  @Test func acceptsLongSilenceAndEndlessNotes() throws {
    let far = Music.score([
      Music.note(60, at: 0, beats: 1), Music.note(64, at: 0, beats: 1), Music.note(67, at: 9000, beats: 1),
      Music.note(72, at: 1e8, beats: 1e9),
    ])
    let harmony = HarmonyAnalysis(far, beats: [Seconds(0), Seconds(0.5)])
    try Self.expectPlainNumbers(harmony)
    #expect(harmony.chords.allSatisfy { $0.start < $0.end })
  }

  @Test func leavesSilenceWithoutChords() {
    let chord = [60, 64, 67]
    let notes = chord.map { Music.note($0, at: 0, beats: 2) } + chord.map { Music.note($0, at: 40, beats: 2) }
    let chords = Music.score(notes).harmony.chords
    #expect(chords.map(\.start) == [Seconds(0), Seconds(20)])
    #expect(chords.map(\.end) == [Seconds(1), Seconds(21)])
  }

  @Test func writesTheDocumentedNames() throws {
    let cadence = [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]]
    let harmony = Music.blocks(cadence + cadence, beats: 2).harmony
    let data = try JSONEncoder().encode(harmony)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let key = try #require(object["key"] as? [String: Any])
    #expect(key["name"] as? String == "C major")
    #expect((key["alternatives"] as? [[String: Any]])?.first?["name"] is String)
    let chord = try #require((object["chords"] as? [[String: Any]])?.first)
    #expect(chord["startSeconds"] as? Double == 0 && chord["endSeconds"] as? Double == 1)
    #expect(chord["root"] as? String == "C" && chord["quality"] as? String == "maj" && chord["bass"] as? String == "C")
    let local = try #require((object["localKeys"] as? [[String: Any]])?.first)
    #expect(local["name"] as? String == "C major" && local["startSeconds"] is Double)
    #expect(try JSONDecoder().decode(HarmonyAnalysis.self, from: data) == harmony)
  }

  @Test func isDeterministicAndIndependentOfTrackOrder() {
    let blocks = [[48, 64, 67], [45, 64, 69], [50, 65, 69], [43, 62, 71]]
    let score = Music.blocks(blocks + blocks)
    let notes = score.tracks[0].notes
    var split = score
    split.tracks = [
      Track(notes: notes.filter { $0.pitch.rawValue >= 60 }), Track(notes: notes.filter { $0.pitch.rawValue < 60 }),
    ]
    #expect(score.harmony == split.harmony)
  }

  /// Encodes to JSON: the encoder throws on NaN and infinity.
  private static func expectPlainNumbers(_ harmony: HarmonyAnalysis) throws {
    _ = try JSONEncoder().encode(harmony)
  }
}
