import Foundation
import MIDIFiles
import MusicCore
import TestSupport
import Testing

/// Tables, RomanText and label files (`.lab`) of known pieces.
@Suite struct AnalysisTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func piece(_ name: String) -> String { "\(AnalyzeTests.corpus)/\(name).mid" }

  /// The rows of a table as dictionaries keyed by column name. Checks that each has as many cells as the header.
  private static func table(_ name: String, _ pieces: [String]) throws -> [[String: String]] {
    let result = try CommandLineProgram.run("aurl", ["analyze", "--table", name, "--quiet"] + pieces)
    #expect(result.status == 0)
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    #expect(lines.allSatisfy { $0.count == header.count })
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  @Test func cadencesHaveTheirBarsAsInPrint() throws {
    let rows = try Self.table("cadences", [Self.piece("mozart-sonata-k331-theme")])
    #expect(rows.contains { $0["bar"] == "4" && $0["kind"] == "half" })
    let perfect = try #require(rows.first { $0["bar"] == "8" })
    #expect(perfect["kind"] == "perfectAuthentic" && perfect["beat"] == "2" && perfect["key"] == "A major")
    #expect(perfect["bass_degrees"] == "4 5 1")
  }

  @Test func notesAreSpelledInTheirKeyAndComplete() throws {
    let path = Self.piece("tchaikovsky-old-french-song")
    let rows = try Self.table("notes", [path])
    #expect(rows.count == (try MIDIFile(path: path).score.noteCount))
    // In G minor the leading tone is F sharp and the third is B flat.
    let names = Set(rows.compactMap { $0["pitch"]?.filter { !$0.isNumber } })
    #expect(names.contains("F#") && names.contains("Bb") && !names.contains("Gb") && !names.contains("A#"))
    #expect(rows.allSatisfy { $0["pitch"] != "Bb4" || $0["midi_pitch"] == "70" })
    #expect(rows.contains { $0["pitch"] == "Bb4" })
    let onsets = rows.compactMap { $0["start_seconds"].flatMap(Double.init) }
    #expect(onsets.count == rows.count && onsets == onsets.sorted())
  }

  @Test func aPickupIsBarZeroAndItsBeatsAreTheLast() throws {
    let path = Self.piece("chopin-prelude-a-major")
    let bars = try Self.table("bars", [path])
    #expect(bars.prefix(3).map { $0["bar"] } == ["0", "1", "2"])
    #expect(bars.allSatisfy { $0["meter"] == "3/4" })
    let beats = try Self.table("beats", [path])
    #expect(beats.prefix(5).map { "\($0["bar"] ?? ""):\($0["beat"] ?? "")" } == ["0:3", "1:1", "1:2", "1:3", "2:1"])
    for (bar, next) in zip(bars, bars.dropFirst()) { #expect(bar["end_seconds"] == next["start_seconds"]) }
  }

  @Test(arguments: ["keys", "chords"]) func rowsOfSeveralFilesFollowOneHeader(_ name: String) throws {
    let pieces = ["bach-invention-13", "mozart-sonata-k331-theme"].map(Self.piece)
    let rows = try Self.table(name, pieces)
    #expect(rows.map { $0["file"] ?? "" }.reduce(into: []) { if $0.last != $1 { $0.append($1) } } == pieces)
    #expect(Set(rows.compactMap { $0["key"] }) == ["A minor", "C major", "A major"])
    let sure = rows.compactMap { $0["confidence"].flatMap(Double.init) }
    #expect(sure.count == rows.count && sure.allSatisfy { (0...1).contains($0) })
  }

  @Test func phrasesEndAtCadences() throws {
    let rows = try Self.table("phrases", [Self.piece("mozart-sonata-k331-theme")])
    #expect(rows.map { $0["start_bar"] } == ["1", "9", "17", "27"])
    #expect(rows.map { $0["end_bar"] } == ["8", "16", "26", "36"])
    #expect(rows.allSatisfy { $0["cadence"] == "perfectAuthentic" })
  }

  @Test func romanTextCountsABarOfThreeEighthsAsOneBeat() throws {
    let result = try CommandLineProgram.aurl("analyze", Self.piece("beethoven-fur-elise"), "--roman", "-")
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.first { $0.hasPrefix("m0 ") } == "m0 b1.667 a: V")
    #expect(lines.first { $0.hasPrefix("m2 ") } == "m2 b1 i b1.667 Cad64")
  }

  @Test func romanTextNamesBarsBeatsKeysAndNumerals() throws {
    let output = folder.path("out.rntxt")
    let result = try CommandLineProgram.aurl("analyze", Self.piece("mozart-sonata-k331-theme"), "--roman", output)
    #expect(result.status == 0 && result.output.isEmpty)
    let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.contains("Title: Piano Sonata in A major"))
    #expect(lines.contains("Time Signature: 6/8"))
    #expect(lines.first { $0.hasPrefix("m1 ") } == "m1 b1 A: I")
    #expect(lines.first { $0.hasPrefix("m4 ") } == "m4 b1 I b2 Cad64 b2.667 V")
    #expect(lines.first { $0.hasPrefix("m8 ") } == "m8 b1 Cad64 b1.667 V7 b2 I")
  }

  @Test func labelsCoverTheMusicAndBeatsAreThoseOfTheTable() throws {
    let path = Self.piece("mozart-sonata-k331-theme")
    let (lab, beats) = (folder.path("a.lab"), folder.path("a.beats"))
    #expect(try CommandLineProgram.aurl("analyze", path, "--lab", lab, "--beats", beats).status == 0)
    let rows = try String(contentsOfFile: lab, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(rows.first?[0] == "0" && rows.first?[2] == "A:maj")
    #expect(rows.contains { $0[2] == "E:maj/3" })
    for (row, next) in zip(rows, rows.dropFirst()) { #expect(row[1] == next[0]) }
    let times = try String(contentsOfFile: beats, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(times == (try Self.table("beats", [path]).compactMap { $0["time_seconds"] }))
  }

  @Test func severalFilesGoToFolders() throws {
    let output = folder.path("texts")
    let pieces = ["bach-invention-13", "greensleeves"].map(Self.piece)
    #expect(try CommandLineProgram.run("aurl", ["analyze", "--quiet", "--roman", output] + pieces).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: output).sorted() == [
        "bach-invention-13.rntxt", "greensleeves.rntxt",
      ])
  }

  @Test(arguments: [["--json"], ["--csv"]]) func tablesAreNoOtherFormat(_ other: [String]) throws {
    let result = try CommandLineProgram.run(
      "aurl", ["analyze", Self.piece("greensleeves"), "--table", "bars"] + other)
    #expect(result.status == 64)
  }
}
