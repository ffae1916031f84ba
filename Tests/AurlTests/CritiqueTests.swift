import Foundation
import MIDIFiles
import ModelFormat
import TestSupport
import Testing

/// `aurl critique` and `aurl generate --candidates` as they are run, with a model and a critic of random weights.
@Suite struct CritiqueTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try SyntheticModel().write(to: folder.path("model.safetensors"))
    try SyntheticCritic().write(to: folder.path("critic.safetensors"))
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<200).score), to: "music/long.mid")
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(2, notes: 0..<3).score), to: "music/short.mid")
  }

  private func aurl(_ arguments: String...) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      "aurl", arguments,
      environment: ["AURL_MODEL": folder.path("model.safetensors"), "AURL_CRITIC": folder.path("critic.safetensors")],
      folder: folder.url)
  }

  @Test func filesAreScoredOverTime() throws {
    let run = try aurl("critique", "music", "--json", "--quiet")
    try #require(run.status == 0, "\(run.errors)")
    let lines = try run.jsonObjects()
    #expect(lines.map { $0["file"] as? String } == ["music/long.mid", "music/short.mid"])
    #expect(lines.allSatisfy { $0["schema"] as? String == "aurl-critique/1" })
    let realism = try #require(lines[0]["realism"] as? [String: Double])
    #expect(Set(realism.keys) == ["local", "phrase", "global", "combined"])
    #expect(realism.values.allSatisfy { (0...1).contains($0) })
    let seconds = try #require(lines[0]["seconds"] as? Double)
    let windows = try #require(lines[0]["windows"] as? [[String: Any]])
    for scale in ["local", "phrase", "global"] {
      let own = windows.filter { $0["scale"] as? String == scale }
      let starts = own.compactMap { $0["startSeconds"] as? Double }
      let ends = own.compactMap { $0["endSeconds"] as? Double }
      #expect(
        starts.first == 0 && zip(starts.dropFirst(), ends).allSatisfy { $0 == $1 } && ends.allSatisfy { $0 <= seconds })
    }
    // Three notes are not enough to judge at any scale but the smallest.
    #expect((lines[1]["realism"] as? [String: Double])?["global"] == nil)
  }

  @Test func aCritiqueIsATextTable() throws {
    let run = try aurl("critique", "music/long.mid")
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("realism") && run.text.contains("%") && run.text.contains("local"))
    _ = try folder.write([], to: "empty.mid")
    _ = try folder.write(Array("NOTE_ON 60".utf8), to: "wrong.names")
    #expect(try aurl("critique", "empty.mid").status == 65)
    #expect(try aurl("critique", "missing.mid").status == 66)
    #expect(try aurl("critique").status == 64)
    let silence = try folder.write(Array("300\n300\n300\n".utf8), to: "silence.tokens")
    #expect(try aurl("critique", silence).text.contains("not enough music"))
  }

  /// The page of an analysis shows the critic's scores in a lane, with a tooltip for the score under the pointer.
  @Test func thePageOfAnAnalysisShowsWhatTheCriticHears() throws {
    let run = try aurl("analyze", "music/long.mid", "--critique", "--html", "page.html")
    try #require(run.status == 0, "\(run.errors)")
    let visit = try Browser.visit(
      String(contentsOfFile: folder.path("page.html"), encoding: .utf8),
      check: """
        await frame();
        const roll = document.getElementById("roll");
        const said = realism.map((windows, row) => describeLane(
          timeToX(windows[0].startSeconds, roll.clientWidth) + 2, lanes.realism.top + 7 * row + 3));
        const scale = roll.width / roll.clientWidth;
        const pixels = roll.getContext("2d").getImageData(
          gutter * scale, lanes.realism.top * scale, roll.width - gutter * scale, 7 * scale).data;
        return [...said.map((text) => text.split("\\n")[0]), new Set(new Uint32Array(pixels.buffer)).size].join("\\n");
        """)
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    let lines = visit.result.split(separator: "\n")
    try #require(lines.count == 4, "\(visit.result)")
    for (line, scale) in zip(lines, ["local", "phrase", "global"]) {
      #expect(line.hasSuffix("% real to the critic, \(scale) window"), "\(line)")
    }
    // Windows of different realism have different colors.
    #expect(Int(lines[3]) ?? 0 > 3, "\(lines[3])")
    #expect(try aurl("analyze", "music/long.mid", "--critique").status == 64)
    #expect(try aurl("analyze", "music/long.mid", "--critic", "critic.safetensors", "--html", "page.html").status == 64)
    #expect(try aurl("analyze", "music/short.mid", "--critique", "--html", "short.html").status == 0)
  }

  @Test func filesThatAreNotCriticsAreNamed() throws {
    let model = try aurl("critique", "music/long.mid", "--critic", "model.safetensors")
    #expect(model.status == 65 && model.errors.contains("not a critic"))
    let missing = try aurl("critique", "music/long.mid", "--critic", "missing.safetensors")
    #expect(missing.status == 66 && missing.errors.contains("--critic"))
    #expect(try aurl("generate", "--critic", "critic.safetensors", "--candidates", "1", "-o", "a.mid").status == 64)
    #expect(try aurl("generate", "--candidates", "0", "-o", "a.mid").status == 64)
  }

  /// Without an installed critic, the options that need one report that.
  @Test func aMissingCriticIsReported() throws {
    let program = folder.path("home/bin/aurl")
    let install = ["-D", "-m", "755", CommandLineProgram.executable("aurl").path, program]
    try #require(try CommandLineProgram.run("/usr/bin/install", install).status == 0)
    let environment = [
      "AURL_MODEL": folder.path("model.safetensors"), "AURL_CRITIC": "", "XDG_DATA_HOME": folder.path("data"),
    ]
    for arguments in [
      ["critique", "music"], ["generate", "--candidates", "4", "-o", "a.mid", "--seconds", "1"],
    ] {
      let run = try CommandLineProgram.run(program, arguments, environment: environment, folder: folder.url)
      #expect(
        run.status == 66 && run.errors.hasPrefix("Error: aurl-critic.safetensors: no such critic in "), "\(run.errors)"
      )
      #expect(run.errors.contains("--critic") && run.errors.split(separator: "\n").count == 1)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.mid")))
  }

  @Test func candidatesAreReportedAndReproducible() throws {
    let arguments = ["generate", "--seconds", "30", "--seed", "4", "--json"]
    func take(_ name: String, _ options: String...) throws -> (bytes: Data, report: [String: Any]) {
      let run = try CommandLineProgram.run(
        "aurl", arguments + ["-o", name] + options,
        environment: [
          "AURL_MODEL": folder.path("model.safetensors"), "AURL_CRITIC": folder.path("critic.safetensors"),
        ],
        folder: folder.url)
      try #require(run.status == 0, "\(run.errors)")
      return (try Data(contentsOf: URL(fileURLWithPath: folder.path(name))), try #require(try run.jsonObjects().first))
    }
    let single = try take("single.tokens")
    let one = try take("one.tokens", "--candidates", "1")
    #expect(one.bytes == single.bytes)
    #expect(single.report["choice"] == nil)
    let several = try take("several.tokens", "--candidates", "3")
    let again = try take("again.tokens", "--candidates", "3")
    #expect(several.bytes != single.bytes && again.bytes == several.bytes)
    let choice = try #require(several.report["choice"] as? [String: Any])
    #expect(choice["candidates"] as? Int == 3 && choice["critic"] as? String == "critic.safetensors")
    #expect(choice["phrases"] as? Int ?? 0 > 0)
    #expect((choice["realism"] as? Double).map { (0...1).contains($0) } == true)
    let settings = try #require(several.report["settings"] as? [String: Any])
    #expect(settings["candidates"] as? Int == 3)
  }
}
