import Foundation
import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Files that lack what an analysis might rely on.
enum OddFile: String, CaseIterable, Sendable {
  case empty, drumsOnly, oneNote, atonal, damaged, hour, timecode

  private static func note(_ onset: Int64, _ pitch: Int, length: Int64 = 200, channel: UInt8 = 0) -> Note {
    Note(
      onset: Tick(rawValue: onset), end: Tick(rawValue: onset + length), pitch: Pitch(masking: UInt8(pitch)),
      velocity: Velocity(masking: UInt8(40 + onset % 60)), channel: Channel(status: channel))
  }

  private static func bytes(_ notes: [Note], division: Division = .metrical(ticksPerQuarter: 480)) throws -> [UInt8] {
    let track = Track(notes: notes, end: notes.map(\.end).max() ?? 0)
    return try MIDIFile.bytes(of: Score(tempoMap: TempoMap(division: division), tracks: [track]))
  }

  var bytes: [UInt8] {
    get throws {
      switch self {
      case .empty: try Self.bytes([])
      case .drumsOnly: try Self.bytes((0..<64).map { Self.note(240 * $0, 36 + Int($0) % 2 * 2, channel: 9) })
      case .oneNote: try Self.bytes([Self.note(480, 60)])
      case .atonal: try Self.bytes((0..<120).map { Self.note(173 * $0, 40 + Int($0 * 7 % 12) + Int($0 % 3) * 12) })
      case .damaged: Array(try MIDIFile.bytes(of: ScoreGenerator.score(seed: 5)).dropLast(40))
      case .hour: try Self.bytes((0..<2000).map { Self.note(1728 * $0, 48 + Int($0 * $0 % 31), length: 1500) })
      case .timecode:
        try Self.bytes(
          (0..<80).map { Self.note(20 * $0, 60 + Int($0 % 7)) }, division: .timecode(.fps25, ticksPerFrame: 4))
      }
    }
  }
}

@Suite struct AnalyzeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let corpus = CommandLineProgram.checkout.appendingPathComponent("corpus").path
  static let pieces = ["mozart-sonata-k331-theme", "chopin-prelude-e-minor", "greensleeves"]

  private static func object(_ result: CommandLineProgram.Result) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  @Test func theSummarySpellsTheMelodyInTheKey() throws {
    let text = try CommandLineProgram.aurl("analyze", "\(Self.corpus)/maple-leaf-rag.mid").text
    #expect(text.contains("key         Ab major") && text.contains("melody      Eb3–Ab6,"))
  }

  @Test(arguments: pieces) func jsonHasTheFixedFields(piece: String) throws {
    let path = "\(Self.corpus)/\(piece).mid"
    let object = try Self.object(CommandLineProgram.aurl("analyze", path, "--json"))
    let score = try MIDIFile(path: path).score
    #expect(object["schema"] as? String == "aurl-analysis/1" && object["file"] as? String == path)
    #expect(object["notes"] as? Int == score.noteCount)
    #expect(abs((object["seconds"] as? Double ?? 0) - score.duration.rawValue) < 1e-4)
    let rhythm = try #require(object["rhythm"] as? [String: Any])
    #expect(rhythm["meter"] is String && rhythm["tempoBPM"] is Double && rhythm["beatSource"] as? String == "tempo map")
    #expect(rhythm["beatsSeconds"] is [Double] && rhythm["downbeatsSeconds"] is [Double])
    let harmony = try #require(object["harmony"] as? [String: Any])
    let key = try #require(harmony["key"] as? [String: Any])
    #expect(key["name"] as? String == score.keySignatures.first?.description && key["confidence"] is Double)
    let other = try #require((key["alternatives"] as? [[String: Any]])?.first)
    #expect(other["name"] is String && other["confidence"] is Double)
    let span = try #require((harmony["localKeys"] as? [[String: Any]])?.first)
    #expect(span["startSeconds"] is Double && span["endSeconds"] is Double && span["name"] is String)
    let chord = try #require((harmony["chords"] as? [[String: Any]])?.first)
    #expect(chord["startSeconds"] is Double && chord["endSeconds"] is Double && chord["confidence"] is Double)
    #expect(chord["root"] is String && chord["quality"] is String && chord["bass"] is String)
    let dynamics = try #require(object["dynamics"] as? [String: Any])
    #expect(dynamics["level"] is String && object["melody"] is [String: Any] && object["metrics"] is [String: Any])
  }

  @Test(arguments: OddFile.allCases) func everyPathAnswersToOddFiles(odd: OddFile) throws {
    let path = try folder.write(odd.bytes, to: "\(odd.rawValue).mid")
    let json = try CommandLineProgram.aurl("analyze", path, "--json")
    #expect(json.status == 0)
    let object = try Self.object(json)
    #expect((object["notes"] as? Int == 0) == (odd == .empty))
    #expect((object["harmony"] == nil) == (odd == .empty || odd == .drumsOnly))
    let csv = try CommandLineProgram.aurl("analyze", path, "--csv")
    let fields = csv.text.split { ",\n".contains($0) }
    #expect(csv.status == 0 && !fields.contains { ["nan", "-nan", "inf", "-inf"].contains($0) })
    let page = folder.path("page.html")
    #expect(try CommandLineProgram.aurl("analyze", path, "--html", page).status == 0)
    #expect(try String(contentsOfFile: page, encoding: .utf8).hasSuffix("</html>\n"))
    let text = try CommandLineProgram.aurl("analyze", path)
    #expect(text.status == 0 && text.text.contains("duration"))
    if odd == .empty { #expect(text.text.contains("not enough")) }
  }

  @Test func featuresAreChosen() throws {
    let path = "\(Self.corpus)/\(Self.pieces[0]).mid"
    let object = try Self.object(CommandLineProgram.aurl("analyze", path, "--json", "--features", "melody,rhythm"))
    #expect(object["melody"] != nil && object["rhythm"] != nil)
    #expect(object["harmony"] == nil && object["dynamics"] == nil && object["metrics"] == nil)
    let wrong = try CommandLineProgram.aurl("analyze", path, "--features", "melody,color")
    #expect(wrong.status == 64 && wrong.errors.contains("features"))
  }

  @Test func tokensAreAnalyzedLikeTheirFile() throws {
    let path = "\(Self.corpus)/\(Self.pieces[0]).mid"
    let tokens = try CommandLineProgram.aurl("encode", path).output
    let result = try CommandLineProgram.aurl("analyze", "-", "--json", "--features", "harmony", input: tokens)
    let harmony = try #require(try Self.object(result)["harmony"] as? [String: Any])
    #expect((harmony["key"] as? [String: Any])?["name"] as? String == "A major")
  }

  @Test func foldersGiveALineForEachFileInOrder() throws {
    for piece in Self.pieces {
      _ = try folder.write(Data(contentsOf: URL(fileURLWithPath: "\(Self.corpus)/\(piece).mid")), to: "in/\(piece).mid")
    }
    _ = try folder.write(Data("no music".utf8), to: "in/a.mid")
    let pages = folder.path("pages")
    let result = try CommandLineProgram.aurl(
      "analyze", folder.path("in"), "--json", "--jobs", "2", "--html", pages)
    #expect(result.status == 0 && result.errors.contains("a.mid: skipped:") && result.errors.contains("3 of 4 files"))
    let lines = try result.text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let names = (["a"] + Self.pieces.sorted()).map { folder.path("in") + "/\($0).mid" }
    #expect(lines.map { $0["file"] as? String } == names)
    #expect(lines[0]["error"] is String && lines[1]["error"] == nil)
    let made = try FileManager.default.contentsOfDirectory(atPath: pages).sorted()
    #expect(made == Self.pieces.sorted().map { "\($0).html" })
    let csv = try CommandLineProgram.aurl("analyze", folder.path("in"), "--csv", "--quiet")
    let rows = csv.text.split(separator: "\n")
    #expect(
      rows.count == 5 && rows[0].hasPrefix("file,seconds,notes,tempo_bpm,meter"))
    // None of these rows has a comma in quotes, so that counting commas counts fields.
    #expect(Set(rows.dropFirst(2).map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
  }

  /// A full disk is not the fault of an input file: the program ends instead of reporting the file as skipped.
  @Test func aFullDiskEndsABatch() throws {
    for name in ["in/a.mid", "in/b.mid"] { _ = try folder.write(OddFile.oneNote.bytes, to: name) }
    let run = try TestSounds.aurl(
      ["analyze", "in", "--json", "--features", "rhythm"], in: folder, shell: "exec \"$@\" > /dev/full")
    #expect(run.status == 74 && !run.errors.contains("skipped"), "\(run.errors)")
  }

  @Test func csvQuotesNamesAsRFC4180Says() throws {
    let path = try folder.write(OddFile.oneNote.bytes, to: "a \"quoted\", name.mid")
    let csv = try CommandLineProgram.aurl("analyze", path, "--csv")
    #expect(csv.text.contains("a \"\"quoted\"\", name.mid\","))
  }

  @Test func aSetComparedWithItselfOverlaps() throws {
    let result = try CommandLineProgram.aurl("analyze", "--compare", Self.corpus, Self.corpus, "--json")
    let object = try Self.object(result)
    let features = try #require(object["features"] as? [[String: Any]])
    #expect(object["schema"] as? String == "aurl-comparison/1" && features.count == 9)
    for feature in features {
      let area = (feature["first"] as? [String: Any])?["overlapArea"] as? Double
      #expect((area ?? 0) > 0.8, "\(feature["feature"] ?? "")")
    }
    #expect(try CommandLineProgram.aurl("analyze", "--compare", Self.corpus, Self.corpus).text.contains("pitchCount"))
  }

  @Test(arguments: [
    (["analyze"], 64), (["analyze", "missing.mid"], 66), (["analyze", "a.mid", "--json", "--csv"], 64),
    (["analyze", "--compare", "a"], 64), (["analyze", "/dev/null"], 65), (["analyze", "a.mid", "--jobs", "0"], 64),
  ])
  func whatCannotBeIsAnError(arguments: [String], status: Int) throws {
    let result = try CommandLineProgram.run("aurl", arguments)
    #expect(result.status == Int32(status) && result.output.isEmpty)
  }
}
