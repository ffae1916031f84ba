import Foundation
import TestSupport
import Testing

/// The page of `aurl analyze --html` in a real browser, Chromium without a window.
@Suite(.serialized) struct ReportPageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Opens the page of a MIDI file, uses it, and counts the colors of each canvas.
  private func visit(_ path: String, size: (Int, Int) = (1280, 1600)) throws -> Browser.Visit {
    let page = folder.path("page.html")
    try #require(try CommandLineProgram.aurl("analyze", path, "--html", page).status == 0)
    return try Browser.visit(
      String(contentsOfFile: page, encoding: .utf8), size: size,
      check: """
        const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        ["+", "ArrowRight", "-", "0", "End", "Home"].forEach(press);
        const roll = document.getElementById("roll");
        const box = roll.getBoundingClientRect();
        for (let i = 0; i < 40; i++) {
          const at = { clientX: box.left + box.width * 0.3, clientY: box.top + (box.height * i) / 40, bubbles: true };
          roll.dispatchEvent(new PointerEvent("pointermove", at));
        }
        press(" ");
        await pause(200);
        press(" ");
        await frame();
        return [...document.querySelectorAll("canvas")].map((canvas) => {
          const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return `${canvas.id} ${new Set(new Uint32Array(pixels.buffer)).size}`;
        }).join("\\n");
        """)
  }

  /// The text of an element with an id, without markup.
  private static func text(_ id: String, in document: String) -> String {
    guard let start = document.range(of: "id=\"\(id)\"") else { return "" }
    return document[start.upperBound...].prefix(4000).replacingOccurrences(
      of: "<[^>]*>", with: " ", options: .regularExpression)
  }

  @Test(arguments: zip(AnalyzeTests.pieces, ["A major", "E minor", "A minor"]))
  func thePageShowsFactsAndPictures(piece: String, key: String) throws {
    let visit = try visit(
      "\(AnalyzeTests.corpus)/\(piece).mid", size: piece == "greensleeves" ? (390, 844) : (1280, 1600))
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    let colors = visit.result.split(separator: "\n").map { $0.split(separator: " ") }
    for canvas in ["roll", "overview", "dynamics", "tension", "chroma", "similarity"] {
      let count = colors.first { $0[0] == canvas }.flatMap { Int($0[1]) }
      #expect((count ?? 0) > 8, "\(canvas)")
    }
    let facts = Self.text("facts", in: visit.document)
    #expect(facts.contains(key) && facts.contains("BPM") && facts.contains("notes"))
    #expect(Self.text("charts", in: visit.document).contains("Note names"))
    #expect(visit.document.components(separatedBy: "<svg").count == 5)
    // The pointer met a note and was told what it is.
    #expect(Self.text("tip", in: visit.document).contains("velocity"))
  }

  @Test(arguments: OddFile.allCases) func thePageStandsOddFiles(odd: OddFile) throws {
    let visit = try visit(folder.write(odd.bytes, to: "odd.mid"))
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    #expect(!visit.document.contains("NaN"))
    if odd == .empty || odd == .drumsOnly { #expect(Self.text("facts", in: visit.document).contains("open")) }
  }

  @Test func namesInTheFileCannotBecomeMarkup() throws {
    let visit = try visit(folder.write(OddFile.atonal.bytes, to: "a<img src=x onerror=alert(1)>&amp;.mid"))
    #expect(!visit.document.contains("<img") && visit.console.isEmpty)
  }
}
