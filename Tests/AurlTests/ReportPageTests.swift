import Foundation
import TestSupport
import Testing

/// The page of `aurl analyze --html` in a real browser, Chromium without a window.
@Suite(.serialized) struct ReportPageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Notes every error from the first script on.
  private static let listener = """
    <script>
    window.pageErrors = [];
    addEventListener("error", (event) => pageErrors.push(event.message));
    addEventListener("securitypolicyviolation", (event) => pageErrors.push(event.violatedDirective));
    </script>
    """

  /// Uses the page, then writes into it how many different colours each canvas has, and what went wrong.
  private static let check = """
    <script>
    const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    ["+", "ArrowRight", "-", "0", "End", "Home"].forEach(press);
    const box = document.getElementById("roll").getBoundingClientRect();
    for (let i = 0; i < 40; i++) {
      const at = { clientX: box.left + box.width * 0.3, clientY: box.top + (box.height * i) / 40, bubbles: true };
      document.getElementById("roll").dispatchEvent(new PointerEvent("pointermove", at));
    }
    press(" ");
    setTimeout(() => press(" "), 200);
    setTimeout(() => {
      const coloursOf = (canvas) => {
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(pixels.buffer)).size;
      };
      const result = document.createElement("pre");
      result.id = "check";
      result.textContent = [...document.querySelectorAll("canvas")]
        .map((canvas) => `canvas ${canvas.id} ${coloursOf(canvas)}`)
        .concat(pageErrors.map((message) => `error ${message}`)).join("\\n");
      document.body.append(result);
    }, 400);
    </script></body>
    """

  private struct Visit {
    var document: String
    /// What the check wrote.
    var lines: [String]
    var console: [String]
  }

  /// Opens the page of a MIDI file, uses it, and reads what has become of it.
  private func visit(_ path: String, size: String = "1280,1600") throws -> Visit {
    let page = folder.path("page.html")
    try #require(try CommandLineProgram.aurl("analyze", path, "--html", page).status == 0)
    let html = try String(contentsOfFile: page, encoding: .utf8)
      .replacingOccurrences(of: "<head>", with: "<head>\(Self.listener)")
      .replacingOccurrences(of: "</body>", with: Self.check)
    let tested = try folder.write(Data(html.utf8), to: "tested.html")
    let output = folder.path("dom"), errors = folder.path("errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = [
      "60", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder.path("profile"))", "--window-size=\(size)", "--virtual-time-budget=4000",
      "--autoplay-policy=no-user-gesture-required", "--enable-logging=stderr", "--dump-dom", "file://\(tested)",
    ]
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let document = try String(contentsOfFile: output, encoding: .utf8)
    let start = try #require(document.range(of: "<pre id=\"check\">"), "the page did not get as far as the check")
    let end = try #require(document.range(of: "</pre>", range: start.upperBound..<document.endIndex))
    return Visit(
      document: document,
      lines: document[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init),
      console: try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n").map(String.init)
        .filter { $0.contains("CONSOLE") })
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
      "\(AnalyzeTests.corpus)/\(piece).mid", size: piece == "greensleeves" ? "390,844" : "1280,1600")
    #expect(visit.console.isEmpty && !visit.lines.contains { $0.hasPrefix("error") })
    for canvas in ["roll", "overview", "dynamics", "tension", "chroma", "similarity"] {
      let colours = visit.lines.first { $0.hasPrefix("canvas \(canvas) ") }.flatMap { Int($0.split(separator: " ")[2]) }
      #expect((colours ?? 0) > 8, "\(canvas)")
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
    #expect(visit.console.isEmpty && !visit.lines.contains { $0.hasPrefix("error") }, "\(visit.console) \(visit.lines)")
    #expect(!visit.document.contains("NaN"))
    if odd == .empty || odd == .drumsOnly { #expect(Self.text("facts", in: visit.document).contains("open")) }
  }

  @Test func namesInTheFileCannotBecomeMarkup() throws {
    let visit = try visit(folder.write(OddFile.atonal.bytes, to: "a<img src=x onerror=alert(1)>&amp;.mid"))
    #expect(!visit.document.contains("<img") && visit.console.isEmpty)
  }
}
