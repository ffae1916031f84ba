import Foundation
import TestSupport
import Testing

/// The page of `aurl analyze --html` in headless Chromium.
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
    // The pointer is over a note, which the tooltip describes.
    #expect(Self.text("tip", in: visit.document).contains("velocity"))
  }

  /// Uses each tool of the page as a player would, and checks what the page then shows.
  @Test func thePageHelpsToPracticeAndPrintsThePiece() throws {
    let (page, piece) = (folder.path("page.html"), "mozart-sonata-k331-theme")
    try #require(
      try CommandLineProgram.aurl("analyze", "\(AnalyzeTests.corpus)/\(piece).mid", "--html", page).status == 0)
    let visit = try Browser.visit(
      String(contentsOfFile: page, encoding: .utf8), size: (1280, 1600),
      check: """
        const id = (name) => document.getElementById(name);
        const said = [];
        id("loop").click();
        said.push(id("loop").textContent, id("loop").getAttribute("aria-pressed"));
        // Dragging over the bar numbers selects bars 2 to 3.
        const roll = id("roll"), box = roll.getBoundingClientRect();
        const at = (time, type) => roll.dispatchEvent(new PointerEvent(type, {
          clientX: box.left + timeToX(time, roll.clientWidth), clientY: box.top + lanes.ruler.top + 4, pointerId: 1, bubbles: true }));
        roll.setPointerCapture = () => {};
        at(downbeats[1] + 0.3, "pointerdown");
        at(downbeats[1] + 1.5, "pointermove");
        at(downbeats[2] + 0.6, "pointermove");
        at(downbeats[2] + 0.6, "pointerup");
        said.push(id("loop").textContent);
        id("speed").value = 50;
        id("speed").dispatchEvent(new Event("input"));
        id("metronome").click();
        id("count-in").click();
        id("play").click();
        await pause(150);
        said.push(id("play").textContent, synth.speed, practice.countIn, practice.metronome);
        said.push(view.cursor >= downbeats[1] - 0.01 && view.cursor < downbeats[3]);
        id("play").click();
        const hand = id("legend").children[1];
        hand.click();
        said.push(hand.textContent, hand.getAttribute("aria-pressed"), isMuted(isRightHand.indexOf(0)));
        const motive = document.querySelector(".motive");
        motive.click();
        said.push(motive.getAttribute("aria-pressed"));
        const list = id("form").querySelector("ul").getBoundingClientRect();
        said.push(id("form-panel").getBoundingClientRect().bottom - list.bottom < 40);
        // On a dark screen, which is not what is printed.
        for (const { media } of darkRules) media.mediaText = "all";
        readColors();
        said.push(colors.panel);
        dispatchEvent(new Event("beforeprint"));
        said.push(document.querySelectorAll("#systems canvas").length, colors.panel);
        dispatchEvent(new Event("afterprint"));
        said.push(document.querySelectorAll("#systems canvas").length);
        await frame();
        return said.join("|");
        """)
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    #expect(
      visit.result
        == "Loop bars 1–4|true|Loop bars 2–3|Pause|0.5|true|true|true|Left hand|false|true|true"
        + "|true|#1b1a23|5|#fffefb|0")
    // The title is that of the music, and the page does not contain the path of the file.
    #expect(visit.document.contains("<h1>Piano Sonata in A major</h1>"))
    #expect(visit.document.contains("K. 331") && !visit.document.contains(AnalyzeTests.corpus))
    #expect(visit.document.contains("♩. = 44") && visit.document.contains("Section B"))
  }

  /// Opens the page of a MIDI file, and returns what a check of it returns.
  private func result(_ path: String, size: (Int, Int) = (1280, 1600), check: String) throws -> String {
    let page = folder.path("page.html")
    try #require(try CommandLineProgram.aurl("analyze", path, "--html", page).status == 0)
    let visit = try Browser.visit(String(contentsOfFile: page, encoding: .utf8), size: size, check: check)
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    return visit.result
  }

  /// Times of the analysis are rounded, so that the first note of a bar can be slightly before it.
  @Test func aLoopRepeatsWithoutAGapAndWithItsFirstNotes() throws {
    let result = try result(
      "\(AnalyzeTests.corpus)/clementi-sonatina-op36-1.mid",
      check: """
        const struck = [], strike = synth.strike;
        synth.strike = function (i) {
          struck.push([onsets[i], this.clockAt(onsets[i])]);
          strike.call(this, i);
        };
        // Bar 7, whose downbeat is a little after its first note.
        downbeats[6] = onsets[upperBound(onsets, downbeats[6] - 0.01)] + 0.0004;
        select(downbeats[6] + 0.01, downbeats[6] + 0.2);
        const { start, end } = practice.selection;
        seek(end - 0.5);
        togglePlay();
        for (let tries = 0; tries < 400 && struck.filter(([onset]) => onset < start + 0.1).length === 0; tries++) await pause(20);
        togglePlay();
        const first = struck.find(([onset]) => onset < start + 0.1);
        const before = struck[struck.indexOf(first) - 1];
        const clocks = first[1] - before[1], written = end - before[0] + first[0] - start;
        return [Math.abs(first[0] - start) < 0.001, Math.abs(clocks - written) < 0.001,
          struck.every(([onset]) => onset < end - 0.001)].join("|");
        """)
    #expect(result == "true|true|true")
  }

  @Test func keysAndFingersCanUseThePage() throws {
    let result = try result(
      "\(AnalyzeTests.corpus)/clementi-sonatina-op36-1.mid",
      check: """
        const id = (name) => document.getElementById(name);
        const said = [];
        const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        // Space plays after a click and on a slider.
        id("count-in").focus();
        id("count-in").dispatchEvent(new PointerEvent("click", { detail: 1, bubbles: true }));
        said.push(document.activeElement === document.body);
        press(id("speed"), " ");
        said.push(id("play").textContent);
        press(id("speed"), " ");
        said.push(id("play").textContent);
        // A click on a motive shows one of its places, and Escape removes the mark.
        setView(duration - 1, duration);
        document.querySelector(".motive").click();
        said.push(chosenMotive.occurrences.some((place) => place.startSeconds >= view.start && place.endSeconds <= view.end));
        press(document.body, "Escape");
        said.push(document.querySelector(".motive").getAttribute("aria-pressed"));
        // Taps show what hovering shows.
        const touch = (type, target, x = 0, y = 0) => target.dispatchEvent(new PointerEvent(type, {
          pointerType: "touch", pointerId: 7, clientX: x, clientY: y, bubbles: true }));
        touch("click", document.querySelector(".chart g"));
        said.push(id("tip").textContent.startsWith("C: "), id("tip").hidden);
        touch("pointerdown", document.body);
        said.push(id("tip").hidden);
        // A finger that just misses the bar numbers selects bars.
        setView(0, 20);
        const roll = id("roll"), box = roll.getBoundingClientRect();
        roll.setPointerCapture = () => {};
        const drag = (type, time) => touch(type, roll, box.left + timeToX(time, roll.clientWidth), box.top + lanes.ruler.top - 8);
        drag("pointerdown", downbeats[1] + 0.3);
        drag("pointermove", downbeats[1] + 0.6);
        drag("pointermove", downbeats[2] + 0.6);
        drag("pointerup", downbeats[2] + 0.6);
        said.push(id("loop").textContent);
        // Curves and pictures say what is at the pointer, notes their note value.
        for (const name of ["dynamics", "tension", "chroma", "similarity"]) {
          const { left, top, width, height } = id(name).getBoundingClientRect();
          id(name).dispatchEvent(new PointerEvent("pointermove", {
            clientX: left + width / 2, clientY: top + height / 2, bubbles: true }));
          said.push(id("tip").hidden ? "" : ["velocity", "tension", "bar", "bar"].find((word) => id("tip").textContent.includes(word)));
        }
        said.push([...onsets.keys()].slice(0, 12).some((i) => describe(i).includes("eighth (")));
        return said.join("|");
        """)
    #expect(
      result
        == "true|Pause|Play|true|false|true|false|true|Loop bars 2–3|velocity|tension|bar|bar|true")
  }

  /// In a piece with four flats, no name has sharps; the charts have no double flats and neither F flat nor C flat.
  @Test func keysAndChordsAreOnTheSideOfTheHomeKey() throws {
    let result = try result(
      "\(AnalyzeTests.corpus)/maple-leaf-rag.mid",
      check: """
        const said = [homeKey, harmony.key.alternatives[0].name, homeNames.join(" ")];
        said.push(document.getElementById("facts").textContent.includes("A♭ minor"));
        said.push(/♯/.test(document.getElementById("facts").textContent + chords.map(chordName)));
        // Notes are spelled in the local key or by their chord.
        localKeys.splice(0, localKeys.length, { name: "Ab minor", startSeconds: 0, endSeconds: 9, confidence: 1 });
        chords.splice(0, chords.length, { root: "Bbb", bass: "Bbb", quality: "maj", startSeconds: 2, endSeconds: 4, confidence: 1 });
        return [...said, pitchName(71, 1), pitchName(69, 3), pitchName(73, 3), pitchName(71)].join("|");
        """)
    #expect(
      result
        == "Ab major|Ab minor|C D♭ D E♭ E F G♭ G A♭ A B♭ B|true|false|C♭5|B♭♭4|D♭5|B4")
  }

  /// On paper, the colors of the voices and the signs of doubt are explained, and nothing can be clicked.
  @Test func paperHasTheLegendWithoutTools() throws {
    let result = try result(
      "\(AnalyzeTests.corpus)/greensleeves.mid",
      check: """
        showPrint();
        const isShown = (query) => document.querySelector(query).getClientRects().length > 0;
        return ["#legend", "#roll-help", ".chart .hint", "#play", "#loop", ".by-mouse", "#roll"].map(isShown).join("|");
        """)
    #expect(result == "true|true|true|false|false|false|false")
  }

  @Test func aLongFileNameDoesNotWidenThePage() throws {
    let piece = try Data(contentsOf: URL(fileURLWithPath: "\(AnalyzeTests.corpus)/greensleeves.mid"))
    let path = try folder.write(piece, to: String(repeating: "a_long_name_", count: 12) + ".mid")
    #expect(
      try result(path, size: (500, 844), check: "return `${document.documentElement.scrollWidth <= innerWidth}`")
        == "true")
  }

  @Test(arguments: OddFile.allCases) func thePageWorksForOddFiles(odd: OddFile) throws {
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
