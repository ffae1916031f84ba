import Foundation
import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// `aurl notate`, and MusicXML input of other commands.
@Suite struct NotateTests {
  private let folder: TemporaryFolder
  private let piece = CommandLineProgram.checkout.appendingPathComponent("corpus/petzold-minuet-in-g.mid").path

  init() throws { folder = try TemporaryFolder() }

  @Test func whatIsNotatedIsRead() throws {
    let output = folder.path("minuet.musicxml")
    let notated = try CommandLineProgram.aurl("notate", piece, "-o", output)
    #expect(notated.status == 0 && notated.errors.isEmpty, "\(notated.errors)")
    #expect(try CommandLineProgram.aurl("notate", piece).output == Data(contentsOf: URL(fileURLWithPath: output)))
    let shown = try CommandLineProgram.aurl("inspect", output)
    #expect(shown.text.contains("MusicXML, ") && shown.text.contains("406 in 3 tracks"), "\(shown.text)")
    // Onsets and pitches of the tokens are those of the file.
    let streams = try [piece, output].map { path in
      try TokenFile(bytes: Array(CommandLineProgram.aurl("encode", path).output)).tokens
    }
    let onsets = streams.map { stream -> [[Int]] in
      var tick = 0
      return stream.compactMap { token in
        if case .timeShift(let ticks) = token.meaning { tick += ticks }
        return token.isNoteOn ? [tick, Int(token.rawValue)] : nil
      }
    }
    #expect(onsets[0] == onsets[1] && onsets[0].count > 300)
  }

  @Test func compressedMusicXMLIsTheSameScore() throws {
    let (plain, compressed) = (folder.path("a.musicxml"), folder.path("a.mxl"))
    for path in [plain, compressed] { #expect(try CommandLineProgram.aurl("notate", piece, "-o", path).status == 0) }
    let sizes = try [plain, compressed].map { try Data(contentsOf: URL(fileURLWithPath: $0)).count }
    #expect(sizes[1] * 8 < sizes[0])
    let tokens = try [plain, compressed].map { try CommandLineProgram.aurl("encode", $0).output }
    #expect(tokens[0] == tokens[1] && tokens[0].count > 1000)
    let inspected = try CommandLineProgram.aurl("inspect", compressed)
    #expect(inspected.text.contains("MusicXML, "), "\(inspected.text)")
  }

  @Test func severalFilesGoIntoAFolder() throws {
    _ = try folder.write(Array("rubbish".utf8), to: "in/a.mid")
    try FileManager.default.copyItem(atPath: piece, toPath: folder.path("in/b.mid"))
    let result = try CommandLineProgram.aurl("notate", folder.path("in"), "-o", folder.path("out"))
    #expect(result.status == 0 && result.errors.contains("1 of 2 files notated, 1 skipped"), "\(result.errors)")
    #expect(folder.files.contains("out/b.musicxml"))
    #expect(try CommandLineProgram.aurl("notate", folder.path("in")).status == 64)
    let lines = try CommandLineProgram.aurl("notate", folder.path("in"), "-o", folder.path("out"), "--json").text
      .split(separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("\"error\":"))
    #expect(lines[1].contains("\"notes\":406,\"outputs\":[\"\(folder.path("out/b.musicxml"))\"]"), "\(lines[1])")
    let summary = #"{"summary":{"files":2,"lost":0,"notated":1,"notes":406,"skipped":1}}"#
    #expect(lines[2] == summary, "\(lines[2])")
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    #expect(try CommandLineProgram.aurl("notate", piece, "-o", folder.path("a.docx")).status == 64)
    let missing = try CommandLineProgram.run(
      "aurl", ["notate", piece, "-o", folder.path("a.pdf")], environment: ["PATH": folder.path("")])
    #expect(missing.status == 69 && missing.errors.contains("MuseScore: it is not on PATH"), "\(missing.errors)")
    #expect(folder.files.isEmpty)
    let empty = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<0).score), to: "empty.mid")
    let result = try CommandLineProgram.aurl("notate", empty)
    #expect(result.status == 65 && result.errors.contains("holds no notes"))
  }

  /// A stand-in with the name of MuseScore gets the document and writes the file.
  @Test func museScoreEngraves() throws {
    let script = "#!/bin/sh\ntest \"$QT_QPA_PLATFORM\" = offscreen && cp \"$3\" \"$2\"\n"
    let program = try folder.write(Array(script.utf8), to: "bin/mscore")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let result = try CommandLineProgram.run(
      "aurl", ["notate", piece, "-o", folder.path("a.pdf")],
      environment: ["PATH": "\(folder.path("bin")):/usr/bin:/bin"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.files == ["a.pdf", "bin/mscore"])
    let document = try String(contentsOfFile: folder.path("a.pdf"), encoding: .utf8)
    #expect(document.contains("<score-partwise") && document.contains("<metronome"))
  }

  @Test func hostileMusicXMLIsMalformedInput() throws {
    let bomb = "<!DOCTYPE s [<!ENTITY a \"b\">]><score-partwise>&a;</score-partwise>"
    let path = try folder.write(Array(bomb.utf8), to: "bomb.musicxml")
    for command in ["encode", "inspect", "analyze", "notate"] {
      let result = try CommandLineProgram.aurl(command, path)
      #expect(result.status == 65 && result.errors.contains("internal subset"), "\(command): \(result.errors)")
    }
  }
}
