import Foundation
import MIDIFiles
import MusicCore
import TestSupport
import Testing

/// `aurl analyze TAKE --against REFERENCE`.
@Suite struct TakeTests {
  private let folder: TemporaryFolder
  private static let score = "\(AnalyzeTests.corpus)/bach-invention-13.mid"

  init() throws { folder = try TemporaryFolder() }

  /// A take of the invention at four fifths of the tempo, as one track: the 40th note is left out, the 80th a semitone
  /// too high, and a note is added an octave and a fifth below the 120th.
  private func take() throws -> String {
    let score = try MIDIFile(path: Self.score).score
    var notes = score.tracks.flatMap(\.notes).sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    var extra = notes[120]
    extra.pitch = extra.pitch.transposed(by: -19) ?? extra.pitch
    notes[80].pitch = notes[80].pitch.transposed(by: 1) ?? notes[80].pitch
    notes.remove(at: 40)
    notes.append(extra)
    for index in notes.indices {
      notes[index].onset = Tick(rawValue: notes[index].onset.rawValue * 5 / 4)
      notes[index].end = Tick(rawValue: notes[index].end.rawValue * 5 / 4)
    }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    let track = Track(notes: notes, end: notes.map(\.end).max() ?? .zero)
    return try folder.write(
      MIDIFile.bytes(of: Score(tempoMap: score.tempoMap, tracks: [track])), to: "take.mid")
  }

  private func object(_ result: CommandLineProgram.Result) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  @Test func jsonHasTheMistakesAndTheTempo() throws {
    let result = try object(CommandLineProgram.aurl("analyze", take(), "--against", Self.score, "--json"))
    #expect(result["schema"] as? String == "aurl-take/1" && result["reference"] as? String == Self.score)
    let total = try MIDIFile(path: Self.score).score.noteCount
    #expect(
      result["counts"] as? [String: Int] == ["right": total - 2, "wrong": 1, "missing": 1, "extra": 1])
    #expect(result["isDoubtful"] as? Bool == false && result["notReached"] as? Int == 0)
    let tempo = try #require(result["tempo"] as? [String: Any])
    let (played, written) = (tempo["beatsPerMinute"] as? Double ?? 0, tempo["referenceBeatsPerMinute"] as? Double ?? 1)
    #expect(abs(played / written - 0.8) < 0.01 && tempo["meter"] is String)
    let notes = try #require(result["notes"] as? [[String: Any]])
    #expect(notes.count == total + 1)
    let wrong = try #require(notes.first { $0["kind"] as? String == "wrong" })
    #expect((wrong["pitch"] as? Int ?? 0) - (wrong["referencePitch"] as? Int ?? 0) == 1 && wrong["bar"] is Int)
    let missing = try #require(notes.first { $0["kind"] as? String == "missing" })
    #expect(missing["pitch"] == nil && missing["startSeconds"] is Double && missing["hand"] is String)
    #expect((result["bars"] as? [Any])?.count == 25 && (result["hands"] as? [Any])?.count == 2)
  }

  @Test func theSummaryNamesTheMistakes() throws {
    let result = try CommandLineProgram.aurl("analyze", take(), "--against", Self.score)
    #expect(result.status == 0)
    #expect(result.text.contains("1 wrong, 1 missing, 1 extra") && result.text.contains("bars 1–25"))
    #expect(result.text.contains(" for ") && result.text.contains(" missing\n"))
  }

  @Test func severalTakesGetAPageEach() throws {
    let first = try take()
    let second = try folder.write(Data(contentsOf: URL(fileURLWithPath: Self.score)), to: "second.mid")
    let pages = folder.path("pages")
    let result = try CommandLineProgram.aurl(
      "analyze", first, second, "--against", Self.score, "--json", "--html", pages, "--quiet")
    #expect(result.status == 0 && result.text.split(separator: "\n").count == 2)
    let made = try FileManager.default.subpathsOfDirectory(atPath: pages).filter { $0.hasSuffix(".html") }
    #expect(made.count == 2)
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    let take = try take()
    let empty = try folder.write(OddFile.drumsOnly.bytes, to: "drums.mid")
    #expect(try CommandLineProgram.aurl("analyze", take, "--against", empty).status == 65)
    #expect(try CommandLineProgram.aurl("analyze", empty, "--against", take).status == 65)
    #expect(try CommandLineProgram.aurl("analyze", take, "--against", folder.path("none.mid")).status == 66)
    #expect(try CommandLineProgram.aurl("analyze", take, "--against", take, "--csv").status == 64)
    #expect(try CommandLineProgram.aurl("analyze", take, "--against", take, "--table", "notes").status == 64)
    // The reference is an input too, which no result may replace.
    let copy = try folder.write(Data(contentsOf: URL(fileURLWithPath: Self.score)), to: "score.mid")
    #expect(try CommandLineProgram.aurl("analyze", take, "--against", copy, "--html", copy).status == 73)
    #expect(try MIDIFile(path: copy).score.noteCount > 0)
  }

  @Test(arguments: OddFile.allCases) func oddFilesAreComparedOrRefused(odd: OddFile) throws {
    let path = try folder.write(odd.bytes, to: "odd.mid")
    for arguments in [[path, "--against", Self.score], [Self.score, "--against", path], [path, "--against", path]] {
      let result = try CommandLineProgram.run("aurl", ["analyze"] + arguments + ["--json", "--quiet"])
      #expect(result.status == (odd == .empty || odd == .drumsOnly ? 65 : 0), "\(odd) \(result.errors)")
      if result.status == 0 { _ = try object(result) }
    }
  }

  /// The page in a browser: the summary, a mistake under the pointer, and a bar chosen as the loop.
  @Test func thePageShowsTheMistakes() throws {
    let page = folder.path("page.html")
    try #require(try CommandLineProgram.aurl("analyze", take(), "--against", Self.score, "--html", page).status == 0)
    let visit = try Browser.visit(
      String(contentsOfFile: page, encoding: .utf8),
      check: """
        const id = (name) => document.getElementById(name);
        const said = [id("mistakes").querySelectorAll("li").length, document.querySelectorAll(".bar-cells button").length];
        const wrong = mistakes.find((mistake) => mistake.kind === "wrong");
        goTo(wrong.startSeconds);
        await frame();
        const roll = id("roll"), box = roll.getBoundingClientRect();
        const scale = pitchScale(box.height);
        const at = (pitch) => ({ clientX: box.left + timeToX(wrong.startSeconds + 0.02, box.width),
          clientY: box.top + scale.y(pitch) + scale.row / 2, bubbles: true });
        roll.dispatchEvent(new PointerEvent("pointermove", at(wrong.referencePitch)));
        said.push(id("tip").textContent.includes(" for ") && id("tip").textContent.includes(`bar ${wrong.bar}`));
        document.querySelectorAll(".bar-cells button")[wrong.bar - 1].click();
        said.push(id("loop").textContent === `Loop bar ${wrong.bar}`, id("loop").getAttribute("aria-pressed"));
        said.push(getComputedStyle(id("show-melody").closest("label")).display);
        said.push(Boolean(id("charts") || id("analysis")), id("hands").querySelectorAll("th[scope=col]").length);
        const count = (canvas) => new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
        said.push(count(id("tempo")) > 8);
        dispatchEvent(new Event("beforeprint"));
        said.push(document.querySelectorAll("#systems canvas").length > 0);
        dispatchEvent(new Event("afterprint"));
        await frame();
        // A touched bar says its mistakes, and paper explains the marks.
        const cell = document.querySelectorAll(".bar-cells button")[wrong.bar - 1];
        cell.dispatchEvent(new PointerEvent("click", { pointerType: "touch", bubbles: true }));
        said.push(id("tip").textContent.includes("1 wrong"));
        const tempo = id("tempo").getBoundingClientRect();
        id("tempo").dispatchEvent(new PointerEvent("pointermove", {
          clientX: tempo.left + tempo.width / 2, clientY: tempo.top + 20, bubbles: true }));
        said.push(id("tip").textContent.includes("reference"));
        showPrint();
        said.push(id("take-legend").getClientRects().length > 0);
        return said.join("|");
        """)
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    #expect(visit.result == "3|25|true|true|true|none|false|2|true|true|true|true|true")
    #expect(!visit.document.contains(AnalyzeTests.corpus) && !visit.document.contains("NaN"))
    #expect(visit.document.contains("reference") && visit.document.contains("Right notes"))
  }
}
