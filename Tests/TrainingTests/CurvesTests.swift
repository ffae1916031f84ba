import Foundation
import TestSupport
import Testing
import Training

/// The page with the curves of a run, in a browser, and the SVG picture.
@Suite struct CurvesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The metrics of a typical run.
  private static func lines(_ steps: Int, hasLatents: Bool = true) -> [MetricsLine] {
    var generator = SeededGenerator(seed: 1)
    return stride(from: 10, through: steps, by: 10).flatMap { step in
      let progress = Double(step) / Double(steps)
      var line = MetricsLine(step: step, tokens: 8000 * step, seconds: Double(step) * 1.7)
      let noise = Double.random(in: -0.08...0.08, using: &generator)
      let loss = 1.75 + 4.2 * exp(-7 * progress) + noise
      let kl = ["global", "phrase", "local"].enumerated().map { index, level in
        let nats = (9.0 - 2 * Double(index)) * (1 - exp(-6 * progress)) + 4 * noise
        return Losses.Level(level: level, natsPerWindow: nats, natsPerToken: nats / 512)
      }
      let sum = kl.reduce(0) { $0 + ($1.natsPerToken ?? 0) }
      func losses(_ shift: Double) -> Losses {
        Losses(
          natsPerToken: loss + shift, boundNatsPerToken: loss + shift + (hasLatents ? sum : 0), total: loss,
          kl: hasLatents ? kl : nil)
      }
      line.training = losses(0)
      line.tokensPerSecond = 4700 + 1000 * noise
      line.learningRate = 1e-3 * min(1, progress * 20) * (1 - 0.9 * progress)
      line.beta = hasLatents ? min(1, progress * 3) : nil
      line.gradientNorm = 0.4 + 3 * exp(-20 * progress) + noise.magnitude
      guard step % 500 == 0 else { return [line] }
      var evaluation = MetricsLine(step: step, tokens: line.tokens, seconds: line.seconds)
      evaluation.validation = losses(0.05 - noise)
      return [line, evaluation]
    }
  }

  private func visit(_ lines: [MetricsLine], title: String = "run") throws -> Browser.Visit {
    let page = try CurvesPage(title: title, subtitle: "small on keyboard", lines: lines).bytes()
    return try Browser.visit(
      String(decoding: page, as: UTF8.self),
      check: """
        const lines = () => [...document.querySelectorAll(".plot path.series")].map((path) => path.getAttribute("d").length);
        const before = lines();
        document.querySelector("input[value=log]").click();
        const after = lines();
        ["tokens", "seconds", "0.1"].forEach((value) => document.querySelector(`input[value="${value}"]`).click());
        document.querySelector(".plot")?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
        await frame();
        return `${document.querySelectorAll(".plot").length} plots, ${before.length} curves, ${after.length} ` +
          `as logarithms, ${document.querySelectorAll("line.cursor").length} cursors`;
        """)
  }

  @Test func thePageShowsEveryCurve() throws {
    let visit = try visit(Self.lines(20_000))
    #expect(
      visit.result == "6 plots, 14 curves, 14 as logarithms, 6 cursors" && visit.errors.isEmpty, "\(visit.errors)")
  }

  @Test func aPlainDecoderHasNoKL() throws {
    #expect(try visit(Self.lines(2000, hasLatents: false)).result.hasPrefix("5 plots, 5 curves"))
  }

  @Test(arguments: [[], Array(lines(10)), [MetricsLine(step: 3, tokens: 0, seconds: 0)]])
  func aRunThatHasJustBegunHasAPage(_ lines: [MetricsLine]) throws {
    let visit = try visit(lines, title: "</script><b>&\"{{data}}")
    #expect(!visit.result.isEmpty && visit.errors.isEmpty, "\(visit.errors)")
  }

  /// Extreme values, as in a run that diverges or a foreign file.
  @Test(arguments: [1e20, 0x1p60, 1.7e308, .leastNonzeroMagnitude, -1e20], [false, true])
  func figuresOfAnySizeAreDrawn(_ figure: Double, alternates: Bool) throws {
    let lines = (1...9).map { number in
      let value = alternates && number % 2 == 0 ? -figure : figure
      var line = MetricsLine(step: number < 9 ? number : .max, tokens: .max, seconds: 1e-300)
      line.training = Losses(
        natsPerToken: value, boundNatsPerToken: value, total: value,
        kl: [Losses.Level(level: "global", natsPerWindow: value, natsPerToken: value)])
      line.validation = line.training
      return line
    }
    let picture = String(decoding: CurvesPicture(title: "run", lines: lines).bytes(), as: UTF8.self)
    #expect(picture.hasSuffix("</svg>\n") && !picture.contains("nan") && !picture.contains("inf"))
    let page = String(decoding: try CurvesPage(title: "run", subtitle: "", lines: lines).bytes(), as: UTF8.self)
    #expect(page.contains("\"0 tokens/s on average\""))
  }

  @Test func thePageNeedsNoNetworkAndStaysSmall() throws {
    let lines = Self.lines(500_000)
    let page = try CurvesPage(title: "run", subtitle: "", lines: lines).bytes()
    let text = String(decoding: page, as: UTF8.self)
    #expect(!text.contains("src=") && !text.contains("@import") && !text.contains("url(h"))
    #expect(page.count < 500_000)
  }

  @Test(arguments: [true, false]) func thePictureIsWellFormedXML(_ hasLatents: Bool) throws {
    let picture = CurvesPicture(title: "small & <keyboard>", lines: Self.lines(20_000, hasLatents: hasLatents)).bytes()
    let text = String(decoding: picture, as: UTF8.self)
    #expect(text.contains("small &amp; &lt;keyboard&gt;"))
    #expect(text.contains("KL, nats/window") == hasLatents)
    #expect(!text.contains("nan") && !text.contains("inf"))
    let file = try folder.write(picture, to: "curves.svg")
    let check = try CommandLineProgram.run(
      "/usr/bin/env", ["python3", "-c", "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])", file])
    #expect(check.status == 0, "\(check.errors)")
  }
}
